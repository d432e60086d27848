internal import GSLSupport
internal import InferenceCore
internal import Samplers

extension EngineSampler {
  /// The sampler of a lane group by the engine, chains and streams of `plan`.
  init(
    _ plan: ChainPlan, on density: Density, from start: [L], alternatives: [[L]] = [], openAxis: Int,
    units: [Int],
    purpose: StreamPurpose
  ) {
    self.init(
      plan.engine, on: density, from: start, alternatives: alternatives, openAxis: openAxis, units: units,
      seed: plan.seed,
      chainCount: plan.count, purpose: purpose, warmup: plan.warmup, generator: plan.generator,
      counts: plan.engineCounts)
  }
}
