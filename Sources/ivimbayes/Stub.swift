import ArgumentParser
struct Summarize: ParsableCommand {}
struct Diagnose: ParsableCommand {}
struct Simulate: ParsableCommand {}
