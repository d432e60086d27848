import Foundation
import Synchronization
import Testing

@testable import IVIMBayes

@Suite struct ProgressMeterTests {
  private static func reading(done: Int, restored: Int, seconds: Double) -> ProgressMeter.Reading {
    ProgressMeter.Reading(done: done, restored: restored, total: 100, seconds: seconds, unit: "voxels")
  }

  @Test func `Work of an earlier run counts as done and not as speed`() {
    let reading = Self.reading(done: 60, restored: 40, seconds: 10)
    #expect(reading.rate == 2 && reading.secondsLeft == 20)
    #expect(Self.reading(done: 40, restored: 40, seconds: 3).secondsLeft == nil)
    #expect(Self.reading(done: 0, restored: 0, seconds: 0).rate == 0)
  }

  @Test func `A line tells the rate, or what goes on while there is none`() {
    let fast = Self.reading(done: 60, restored: 40, seconds: 1)
    #expect(fast.line == "60 of 100 voxels, 20 a second, 2 s left")
    let slow = Self.reading(done: 2, restored: 0, seconds: 4)
    #expect(slow.line == "2 of 100 voxels, 0.5 a second, 196 s left")
    var reading = Self.reading(done: 0, restored: 0, seconds: 4)
    #expect(reading.line == "0 of 100 voxels, time left unknown")
    reading.activity = "tumour at sweep 1500"
    #expect(reading.line == "0 of 100 voxels, tumour at sweep 1500")
  }

  @Test func `What goes on is told until units are done`() throws {
    let lines = Mutex<[String]>([])
    let told = DispatchSemaphore(value: 0)
    let meter = ProgressMeter(total: 10, unit: "voxels", interval: 0.01) { reading in
      lines.withLock { $0.append(reading.activity ?? "") }
      told.signal()
    }
    meter.note("tumour at sweep 1500")
    told.wait()
    told.wait()
    #expect(lines.withLock { $0.contains("tumour at sweep 1500") })
    meter.add(10)
    told.wait()
    told.wait()
    told.wait()
    meter.finish()
    #expect(lines.withLock { $0.last } == "")
  }

  @Test func `A listener is told also while nothing gets finished, and no more after the end`() throws {
    let readings = Mutex<[ProgressMeter.Reading]>([])
    let told = DispatchSemaphore(value: 0)
    let meter = ProgressMeter(total: 10, unit: "voxels", interval: 0.01) { reading in
      readings.withLock { $0.append(reading) }
      told.signal()
    }
    meter.skip(3)
    meter.add(2)
    told.wait()
    told.wait()
    meter.finish()
    let last = try #require(readings.withLock { $0.last })
    #expect(last.done == 5 && last.restored == 3 && last.total == 10 && last.unit == "voxels")
  }
}
