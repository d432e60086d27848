public import InferenceCore

/// As the likelihood of a voxel in a field; log S₀ and log σ stay the voxel's own, with their priors.
extension MagnitudePosterior: SiteDensity {
  /// What tells one group of voxels from another.
  public struct SiteData: Sendable {
    /// y.
    @usableFromInline let signals: [L]
    /// What is assumed of σ.
    @usableFromInline let sigma: MagnitudeSigma<L>

    /// The data that `posterior` holds.
    @inlinable
    public init(of posterior: MagnitudePosterior) {
      signals = posterior.signals
      sigma = posterior.sigma
    }
  }

  /// Puts a group of voxels into the lanes.
  @inlinable
  public mutating func take(_ data: SiteData) {
    signals = data.signals
    sigma = data.sigma
  }
}
