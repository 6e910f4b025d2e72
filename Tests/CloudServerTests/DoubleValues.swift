import Cloud
import Foundation
import LoginCore
import Providers
import Synchronization

@testable import CloudServer

/// Stands for both values where only the running of effects is looked at.
///
/// Over HTTP: `/keep/K/V` keeps a record and answers, `/drop/K` removes it, `/kept` lists them, `/timer/MS` answers
/// when a timer fires, `/twice` starts a timer twice and answers the second, `/call/PATH` calls the web API and
/// answers with what it said, `/url/PORT` calls another listener, `/hang` never answers, anything else is echoed.
/// Over the link: `sessions` answers how many links there are, `keep K V` and `bye` do what they say, and anything else
/// is echoed.
struct DoubleValue: CloudValue {
    let name: String
    private var records: [String: [UInt8]] = [:]
    private var links: [LinkID] = []
    private var timers: [TimerID: ExchangeID] = [:]
    private var calls: [OutgoingID: ExchangeID] = [:]
    private var timerIDs = Counter<TimerID>()
    private var callIDs = Counter<OutgoingID>()
    private var lane = TranscriptLane(.appServer)

    init(name: String, restoring records: [DurableRecord]) {
        self.name = name
        for record in records where record.collection == name { self.records[record.key] = record.value }
    }

    mutating func continueTranscript(after last: [Lane: Int]) {}

    mutating func handle(_ event: CloudEvent, at now: Instant) -> [CloudEffect] {
        switch event {
        case .request(let id, let request):
            return answer(id, request, now)
        case .linkOpened(let id, _):
            links.append(id)
            return []
        case .frame(let id, let bytes):
            return answer(id, String(decoding: bytes, as: UTF8.self))
        case .linkClosed(let id, _):
            links.removeAll { $0 == id }
            return [entry("closed \(id)", now)]
        case .timerFired(let id):
            guard let exchange = timers.removeValue(forKey: id) else { return [] }
            return [text(exchange, "fired \(id)")]
        case .httpAnswered(let id, let result):
            guard let exchange = calls.removeValue(forKey: id) else { return [] }
            switch result {
            case .success(let response):
                return [text(exchange, "\(response.status) " + String(decoding: response.body, as: UTF8.self))]
            case .failure(let failure): return [text(exchange, "failed: \(failure.cause)")]
            }
        }
    }

    mutating func refuse(_ event: CloudEvent, because sentence: String, at now: Instant) -> [CloudEffect] {
        switch event {
        case .request(let id, _): [.respond(id, HTTPResponseValue(status: 507, body: Array(sentence.utf8)))]
        case .frame(let id, _): [.send(id, Array("not kept".utf8))]
        default: handle(event, at: now)
        }
    }

    private mutating func answer(_ id: ExchangeID, _ request: HTTPRequestValue, _ now: Instant) -> [CloudEffect] {
        let parts = request.path.split(separator: "/").map(String.init)
        switch parts.first {
        case "keep" where parts.count == 3:
            let value = Array(parts[2].utf8)
            records[parts[1]] = value
            return [.save(DurableRecord(collection: name, key: parts[1], value: value)), text(id, "kept")]
        case "drop" where parts.count == 2:
            records[parts[1]] = nil
            return [.remove(collection: name, key: parts[1]), text(id, "dropped")]
        case "kept":
            let list = records.sorted { $0.key < $1.key }
                .map { "\($0.key)=\(String(decoding: $0.value, as: UTF8.self))" }
            return [text(id, list.joined(separator: ","))]
        case "timer" where parts.count == 2:
            let timer = timerIDs.next()
            timers[timer] = id
            return [.startTimer(timer, after: .milliseconds(Int(parts[1]) ?? 0))]
        case "twice":
            let first = timerIDs.next()
            let second = timerIDs.next()
            timers[first] = id
            timers[second] = id
            return [
                .startTimer(first, after: .milliseconds(1)), .cancelTimer(first),
                .startTimer(second, after: .seconds(1000)), .startTimer(second, after: .milliseconds(5)),
            ]
        case "call":
            let call = callIDs.next()
            calls[call] = id
            let path = request.path.dropFirst("/call".count)
            return [
                .httpCall(
                    call, .webAPI,
                    HTTPRequestValue(method: "POST", path: String(path), query: request.query, body: request.body),
                    timeout: .seconds(10))
            ]
        case "url" where parts.count == 2:
            let call = callIDs.next()
            calls[call] = id
            return [
                .httpCall(
                    call, .url("http://127.0.0.1:\(parts[1])/callback"), HTTPRequestValue(method: "POST", path: ""),
                    timeout: .milliseconds(1))
            ]
        case "hang":
            return [entry("hanging", now)]
        default:
            return [text(id, "\(name) \(request.method) \(request.path) \(request.query) \(request.body.count)")]
        }
    }

    private mutating func answer(_ id: LinkID, _ frame: String) -> [CloudEffect] {
        let words = frame.split(separator: " ").map(String.init)
        switch words.first {
        case "sessions": return [.send(id, Array("\(links.count)".utf8))]
        case "keep" where words.count == 3:
            let value = Array(words[2].utf8)
            records[words[1]] = value
            return [
                .save(DurableRecord(collection: name, key: words[1], value: value)), .send(id, Array("kept".utf8)),
            ]
        case "bye": return [.send(id, Array("bye".utf8)), .close(id, code: 1000)]
        default: return [.send(id, Array(frame.utf8))]
        }
    }

    private func text(_ id: ExchangeID, _ text: String) -> CloudEffect {
        .respond(id, HTTPResponseValue(status: 200, body: Array(text.utf8)))
    }

    private mutating func entry(_ title: String, _ now: Instant) -> CloudEffect {
        .record(lane.entry(at: now, owner: .server, cause: nil, kind: .notice, title: title))
    }
}

extension BackendValueMaker {
    /// Runs two doubles.
    static let double: BackendValueMaker = {
        func refusals(_ name: String) -> HTTPListener.Refusals {
            HTTPListener.Refusals(
                tooLarge: { _ in HTTPResponseValue(status: 413, body: Array(name.utf8)) },
                foreignHost: { _ in HTTPResponseValue(status: 403, body: Array(name.utf8)) })
        }
        return BackendValueMaker(appServerRefusals: refusals("app"), webAPIRefusals: refusals("web")) {
            (ingredients) throws(BackendError) in
            BackendValues(
                appServer: DoubleValue(name: "app", restoring: ingredients.records),
                clouds: [ProviderClouds.ids[0]: DoubleValue(name: "web", restoring: ingredients.records)],
                after: ingredients.lastEntries)
        }
    }()
}

/// The entries that a backend wrote, and a way to wait for one.
final class EntryLog: Sendable {
    private let (stream, continuation) = AsyncStream.makeStream(of: TranscriptEntry.self)
    private let entries = Mutex<[TranscriptEntry]>([])

    var all: [TranscriptEntry] { entries.withLock { $0 } }

    func take(_ entry: TranscriptEntry) {
        entries.withLock { $0.append(entry) }
        continuation.yield(entry)
    }

    /// Waits for the next entry, among those not yet waited for, whose title holds `text`.
    func wait(for text: String) async -> TranscriptEntry? {
        for await entry in stream where entry.title.contains(text) { return entry }
        return nil
    }
}

/// A clock that goes `scale` times as fast as the system's.
func testClock(scale: Int = 1) -> LabClock {
    let start = ContinuousClock.now
    return LabClock(scale: scale) {
        Instant(seconds: 1_700_000_000) + (ContinuousClock.now - start) * scale
    }
}

/// A directory that is removed when the test is over.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("backend-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The permission bits of a file in it.
    func mode(_ name: String) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path + "/" + name)
        return (attributes?[.posixPermissions] as? NSNumber)?.intValue
    }

    func names(in name: String = "") -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path + "/" + name))?.sorted() ?? []
    }
}
