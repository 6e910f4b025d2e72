import LoginCore
import Providers

/// The two lanes of the transcript that a provider's cloud writes.
struct CloudLanes: Sendable {
    var api = TranscriptLane(.webAPI)
    var im = TranscriptLane(.imServer)
    /// Said with the first event.
    private var unsaid: [String]

    /// Lanes that begin with what went wrong when the cloud's records were read.
    init(saying problems: [String]) {
        unsaid = problems
    }

    mutating func sayProblems(_ turn: inout Turn) {
        for problem in unsaid { turn.record(&im, .notice, problem, cause: nil) }
        unsaid = []
    }

    /// Goes on after the last entries of an earlier life.
    mutating func goOn(after last: [Lane: Int]) {
        api = TranscriptLane(.webAPI, after: last[.webAPI] ?? 0)
        im = TranscriptLane(.imServer, after: last[.imServer] ?? 0)
    }

    mutating func quieten() {
        api = TranscriptLane(.webAPI, after: api.last, isQuiet: true)
        im = TranscriptLane(.imServer, after: im.last, isQuiet: true)
    }
}
