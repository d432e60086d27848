public import Diagnostics
internal import Foundation
internal import NIfTI
public import Reporting
internal import Tables

/// What `diagnose` finds: the health of a run, judged anew from its draws and maps.
public enum RunDiagnosis {
  /// Judges every functional of every lesion from the draws file (from the lesion table where no draws were kept),
  /// and every map.
  public static func health(of run: RunFolder) throws(RunError) -> RunHealth {
    let configuration = try FitConfiguration.read(run.file("_run.json"))
    if configuration.engine == FitConfiguration.leastSquares {
      throw RunError(
        .badInput, at: run.folder.relativePath,
        "the run holds least-squares point estimates: nothing was sampled",
        advice: "Fit with another --engine for a posterior and its diagnostics")
    }
    var quantities: [QuantityHealth] = []
    if run.has("_draws.nc") {
      quantities = try fromDraws(run)
    } else if run.has("_lesions.tsv") {
      quantities = try fromTable(run)
    }
    var sites: [SiteHealth] = []
    for parameter in run.mappedParameters() {
      let rHat = try run.map(parameter, "rhat")
      let size = try run.map(parameter, "essbulk")
      let grade = try run.map(parameter, "grade")
      let fitted = grade.values.indices.filter { grade.values[$0] > 0 }
      let isConstant = fitted.allSatisfy { rHat.values[$0].isNaN }
      guard !fitted.isEmpty, !(parameter == "sigma" && isConstant) else { continue }
      sites.append(
        SiteHealth(
          "map of \(parameter)", rHat: fitted.map { Double(rHat.values[$0]) },
          effectiveSize: fitted.map { Double(size.values[$0]) },
          describe: { "voxel \(rHat.grid.position(ofIndex: fitted[$0]))" }))
    }
    return RunHealth(
      quantities: quantities, sites: sites,
      flags: try ownFlags(of: run, quantities, configuration) + recordedFlags(run, configuration))
  }

  /// What neither draws nor maps of R̂ show.
  private static func ownFlags(
    of run: RunFolder, _ quantities: [QuantityHealth], _ configuration: FitConfiguration
  ) throws(RunError) -> [HealthFlag] {
    let short = quantities.isEmpty ? configuration.shortChains() : []
    let maps = try priorDominatedMaps(run)
    guard run.has("_lesions.tsv") else { return short + maps }
    do {
      let table = try LesionTableFlags(
        try run.lesions(), configuration: configuration, settings: try run.settings())
      return short + table.flags + maps
    } catch { throw RunError(error) }
  }

  /// A note for every map of which most is the prior.
  private static func priorDominatedMaps(_ run: RunFolder) throws(RunError) -> [HealthFlag] {
    var flags: [HealthFlag] = []
    for parameter in run.mappedParameters() {
      let grade = try run.map(parameter, "grade")
      let fitted = grade.values.indices.filter { grade.values[$0] > 0 }
      let dominated = fitted.filter { grade.values[$0] == Float(Grade.priorDominated.rawValue) }
      guard 2 * dominated.count > fitted.count, let first = dominated.first else { continue }
      let share = 100 * Double(dominated.count) / Double(fitted.count)
      let evidence = String(format: "%.0f %% of %d voxels, for example ", share, fitted.count)
      flags.append(
        HealthFlag(
          .priorDominated, subject: "map of \(parameter)", severity: .pass,
          evidence: evidence + "voxel \(grade.grid.position(ofIndex: first))"))
    }
    return flags
  }

  /// Flags that neither draws nor maps can raise again.
  private static let recorded: Set<HealthFlag.Kind> = [
    .misfit, .divergence, .frozenAdaptation, .fieldDependent, .mostlyBorrowed,
  ]

  /// What the run file says of model, noise and engine, which neither draws nor maps can tell again.
  private static func recordedFlags(_ run: RunFolder, _ configuration: FitConfiguration) -> [HealthFlag] {
    let members =
      (try? JSONSerialization.jsonObject(with: Data(contentsOf: run.file("_run.json")))) as? [String: Any]
    let health = members?["health"] as? [String: Any]
    return (health?["flags"] as? [[String]] ?? []).compactMap { HealthFlag(record: $0) }
      .filter {
        // The table of a diffusion fit tells of low signals itself.
        Self.recorded.contains($0.kind)
          || ($0.kind == .lowSignal && configuration.method != nil)
          // Without draws nothing else tells of the populations.
          || (isHyperparameter($0.subject) && !run.has("_draws.nc"))
      }
  }

  private static func fromDraws(_ run: RunFolder) throws(RunError) -> [QuantityHealth] {
    let file: DrawsFile
    do {
      file = try DrawsFile(contentsOf: run.file("_draws.nc"), groups: ["posterior", "constant_data"])
    } catch {
      throw RunError(error)
    }
    guard let posterior = file.group("posterior"),
      let labels = posterior.coordinate("lesion")?.values.doubles
    else { return [] }
    let names = lesionNames(file) ?? labels.map { "lesion \(Int($0))" }
    return posterior.variables.filter { $0.dimensions == [.chain, .draw, .lesion] }.flatMap { variable in
      labels.indices.compactMap { element in
        guard let chains = posterior.chains(of: variable.name, element: element),
          !isStill(variable.name, chains), !isAbsent(variable.name, chains)
        else { return nil }
        let name = variable.name.replacingOccurrences(of: "_", with: " ")
        return QuantityHealth(
          "\(name) of \(names[element])", chains: chains,
          role: Self.isHyperparameter(variable.name) ? .hyperparameter : .functional)
      }
    }
  }

  /// True of what describes a lesion's population: `mu_d`, `tau_f`, `lambda_adc`, `rho_d_f`.
  static func isHyperparameter(_ name: String) -> Bool {
    ["mu_", "tau_", "lambda_", "rho_"].contains { name.hasPrefix($0) }
  }

  private static func lesionNames(_ file: DrawsFile) -> [String]? {
    guard case .text(let names)? = file.group("constant_data")?.variable("lesion_name")?.values else {
      return nil
    }
    return names
  }

  /// True of a population that a lesion does not have: one of a single voxel, or of more than are joined.
  private static func isAbsent(_ name: String, _ chains: [[Double]]) -> Bool {
    isHyperparameter(name) && chains.allSatisfy { $0.allSatisfy(\.isNaN) }
  }

  /// True of a variable `sigma_mean`, `d_sd` that is constant and need not vary.
  private static func isStill(_ name: String, _ chains: [[Double]]) -> Bool {
    guard let end = name.lastIndex(of: "_") else { return false }
    return Stillness.isExpected(
      parameter: String(name[..<end]), functional: String(name[end...].dropFirst()), chains: chains)
  }

  private static func fromTable(_ run: RunFolder) throws(RunError) -> [QuantityHealth] {
    let table = try run.lesions()
    do {
      let names = zip(try table.strings("parameter"), try table.strings("functional"))
        .map { "\($0) \($1)" }
      let lesions = try table.strings("name")
      let (rHat, bulk, tail) = (
        try table.numbers("rhat"), try table.numbers("ess_bulk"), try table.numbers("ess_tail")
      )
      let (error, sd) = (try table.numbers("mcse_mean"), try table.numbers("sd"))
      return names.indices.filter { !rHat[$0].isNaN }.map { k in
        let figures = SamplingFigures(
          rHat: rHat[k], bulkESS: bulk[k], tailESS: tail[k], relativeError: error[k] / sd[k])
        return QuantityHealth("\(names[k]) of \(lesions[k])", figures: figures)
      }
    } catch { throw RunError(error) }
  }
}

extension RunDiagnosis {
  /// The verdict and its flags, worst first, as text (`table`), tab-separated (`tsv`) or JSON (`json`).
  public static func text(of health: RunHealth, as format: String, style: TerminalStyle = .plain) -> String {
    if format == "table" { return String(HealthTable(health).text(style: style).dropLast()) }
    var table = TabSeparatedTable(
      columns: ["severity", "flag", "subject", "evidence", "action"], name: "flags")
    for flag in health.flags {
      table.append([flag.severityWord, flag.kind.rawValue, flag.subject, flag.evidence, flag.scanAction])
    }
    return TableText.text(of: table, as: format)
  }
}
