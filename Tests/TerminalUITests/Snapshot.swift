import Foundation
import TerminalFrame
import Testing

/// Compares pictures with those kept in `Snapshots/`.
///
/// With `RECORD_SNAPSHOTS=1` the picture is written instead, and the test fails all the same, so that a recording can
/// never pass for a check.
enum Snapshot {
    static func check(
        _ frame: Frame, named name: String, withStyles: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var text = frame.plainText() + "\n"
        if withStyles { text += "\n" + frame.stylePlane() + "\n" }
        try check(text: text, named: name, sourceLocation: sourceLocation)
    }

    static func check(
        text: String, named name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Snapshots")
        let file = folder.appendingPathComponent("\(name).txt")
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(name); run again without RECORD_SNAPSHOTS", sourceLocation: sourceLocation)
            return
        }
        guard let kept = try? String(contentsOf: file, encoding: .utf8) else {
            Issue.record("no snapshot \(name): record it with RECORD_SNAPSHOTS=1", sourceLocation: sourceLocation)
            return
        }
        guard kept != text else { return }
        let pairs = zip(
            kept.split(separator: "\n", omittingEmptySubsequences: false),
            text.split(separator: "\n", omittingEmptySubsequences: false))
        let first = pairs.enumerated().first { $0.element.0 != $0.element.1 }
        let place = first.map { "row \($0.offset): kept |\($0.element.0)| now |\($0.element.1)|" } ?? "length"
        Issue.record("\(name) differs, \(place)\n\(text)", sourceLocation: sourceLocation)
    }
}
