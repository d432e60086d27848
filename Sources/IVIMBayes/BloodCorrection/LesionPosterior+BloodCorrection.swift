internal import GSLSupport
internal import Lesions

extension Quantity {
  /// f as a share of the volume; lesions only.
  static let volumeFraction = Quantity("f_vol", unit: "", scale: .logit, isMapped: false)
}

extension LesionPosterior {
  /// The posterior with `f_vol`: every joint draw of f with a draw of the relaxation times.
  func corrected(by correction: BloodCorrection, seed: UInt64) -> LesionPosterior {
    guard let f = quantities.firstIndex(where: { $0.name == "f" }) else { return self }
    let count = lesion.rows.count
    let ratios = (0..<series.chainCount).map { chain in
      logWeightRatios(
        keptDraws, correction, StreamKey(seed: seed, chain: chain, unit: lesion.label, purpose: .relaxation))
    }
    var draws = voxelDraws[f]
    for chain in 0..<series.chainCount {
      for draw in 0..<keptDraws {
        let first = (chain * keptDraws + draw) * count
        for place in first..<first + count {
          draws[place] = Float(
            BloodCorrection.volumeFraction(Double(draws[place]), logWeightRatio: ratios[chain][draw]))
        }
      }
    }
    let functionals = (0..<series.chainCount).map { chain in
      (0..<keptDraws).map { draw in
        let first = (chain * keptDraws + draw) * count
        return LesionFunctional.all(of: draws[first..<first + count].map(Double.init), scale: .logit)
      }
    }
    let values = LesionFunctional.allCases.indices.map { index in
      functionals.map { chain in chain.map { $0[index] } }
    }
    let prior = self.prior.shifted(f, by: priorRatios(correction, seed: seed))
    let priorDraws = shiftedPriorFunctionals(f, priorRatios(correction, seed: seed))
    return LesionPosterior(
      lesion: lesion, quantities: quantities + [.volumeFraction], prior: prior,
      priorFunctionals: priorFunctionals + [priorDraws],
      series: FunctionalSeries(
        quantities: quantities + [.volumeFraction], chainCount: series.chainCount,
        values: series.values + [values]),
      statistics: statistics, voxelDraws: voxelDraws + [draws], keptDraws: keptDraws,
      population: population, sampler: sampler)
  }

  private func logWeightRatios(_ count: Int, _ correction: BloodCorrection, _ key: StreamKey) -> [Double] {
    var random = RandomStream(key)
    return (0..<count).map { _ in correction.logWeightRatio(using: &random) }
  }

  /// As many draws of log(wₜ/w_b) as there are lesions drawn from the prior.
  private func priorRatios(_ correction: BloodCorrection, seed: UInt64) -> [Double] {
    let key = StreamKey(seed: seed, chain: -1, unit: lesion.label, purpose: .relaxation)
    return logWeightRatios(priorFunctionals[0][0].count, correction, key)
  }

  /// The functionals of f of lesions from the prior, moved along the logit axis as their voxels would be: exact for
  /// quantiles, and for the mean as good as the grade needs.
  private func shiftedPriorFunctionals(_ f: Int, _ ratios: [Double]) -> [[Double]] {
    priorFunctionals[f].map { draws in
      zip(draws, ratios).map { BloodCorrection.volumeFraction($0, logWeightRatio: $1) }
    }
  }
}

extension PriorSpread {
  /// The spread with one more quantity: quantity `q` moved by `shifts` on its axis.
  fileprivate func shifted(_ q: Int, by shifts: [Double]) -> PriorSpread {
    let moments = Self.moments(shifts)
    return PriorSpread(
      means: means + [means[q] + moments.mean], variances: variances + [variances[q] + moments.variance])
  }
}
