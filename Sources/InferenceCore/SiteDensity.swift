/// A log likelihood of sites that a field joins: one density whose data are exchanged from group to group.
///
/// The first coordinates of each site are the field's, in its order; the field is their prior, which the density must
/// leave out. Coordinates beyond them (a noise level, say) belong to the site alone, and their prior to the density.
public protocol SiteDensity: LaneLogDensity, Sendable {
  /// What tells one group of sites from another: their data, one site in each lane.
  associatedtype SiteData: Sendable

  /// Puts a group of sites into the lanes.
  mutating func take(_ data: SiteData)
}
