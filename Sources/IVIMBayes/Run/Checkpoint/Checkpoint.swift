internal import Foundation
internal import Lesions

/// The finished parts of a run, kept in a folder until the run is whole.
struct Checkpoint: Sendable {
  let folder: URL
  let lesions: LesionStore
  /// Voxels of one tile.
  let tileSize: Int
  private let run: InterruptibleRun
  /// Where lesions are kept, if they are.
  private let lesionFolder: URL?

  /// The parts in `folder`; `keepsLesions` is false where a run is over in a moment and nobody would go on with it.
  init(_ folder: URL, tileSize: Int, run: InterruptibleRun, keepsLesions: Bool = true) {
    self.folder = folder
    self.tileSize = tileSize
    self.run = run
    lesionFolder = keepsLesions ? folder : nil
    lesions = LesionStore(lesionFolder)
  }

  /// The store of the chains over the lesion at `index` of the run's lesions, `variant` naming other fits than that of the run.
  func chains(of lesion: Lesion, at index: Int, variant: String = "") -> ChainStore {
    ChainStore(
      lesionFolder, name: "lesion-\(index)\(variant)", identity: [lesion.label] + lesion.rows,
      noteWork: notePart)
  }

  /// The store of the voxels outside lesions.
  func openVoxels(rowCount: Int, quantityCount: Int) throws(RunError) -> VoxelStore {
    // The place of a tile depends on the size of the tiles: another size is another file.
    let file = folder.appending(path: "voxels-\(tileSize).part")
    let store = try VoxelStore(file, rowCount: rowCount, quantityCount: quantityCount, tileSize: tileSize)
    run.open(store)
    if store.pendingTiles.count < store.tileCount { notePart() }
    return store
  }

  /// Says that there is finished work to keep: before it is written, so that a signal in between cannot discard it.
  func notePart() { run.noteWork() }
}
