public import InferenceCore

/// As the likelihood of a voxel in a field: with `NormalPrior.flat` its density is the likelihood alone.
extension AmplitudeMarginalPosterior: SiteDensity {
  /// What tells one group of voxels from another.
  public struct SiteData: Sendable {
    /// y, as the shape compares them.
    @usableFromInline let signals: [L]
    /// The noise.
    @usableFromInline let noise: AmplitudeNoise<L>

    /// The data that `posterior` holds.
    @inlinable
    public init(of posterior: AmplitudeMarginalPosterior) {
      signals = posterior.signals
      noise = posterior.noise
    }
  }

  /// Puts a group of voxels into the lanes.
  @inlinable
  public mutating func take(_ data: SiteData) {
    signals = data.signals
    noise = data.noise
  }
}
