import CloudServer
import LoginCore
import Providers
import Testing

@Suite("Causes cross the wire", .timeLimit(.minutes(5)))
struct CausesTests {
    private func entry(_ view: LabRecord.View, _ lane: Lane, _ title: String) throws -> TranscriptEntry {
        try #require(view.entries.first { $0.lane == lane && $0.title == title }, "\(lane): \(title)")
    }

    /// Whether `effect` came from `cause`, over any number of entries.
    private func leads(_ view: LabRecord.View, from cause: TranscriptEntry, to effect: TranscriptEntry) -> Bool {
        var next = effect.cause
        while let id = next, id != cause.id {
            next = view.entries.first { $0.id == id }?.cause
        }
        return next == cause.id
    }

    @Test("The device's request is the cause at the app server, whose answer is the cause at the device")
    func http() async throws {
        try await TestLab.run { lab in
            let device = try await lab.device("A")
            try await device.signedIn()
            let view = lab.record.view
            let asked = try entry(view, device.lane, "POST /login")
            let received = try entry(view, .appServer, "POST /login")
            #expect(received.cause == asked.id)
            let toProvider = try #require(
                view.entries(of: .appServer).first { $0.kind == .httpRequest && $0.title.hasPrefix("web API: ") })
            #expect(leads(view, from: received, to: toProvider))
            let atProvider = try entry(view, .webAPI, "POST /user/create.action")
            #expect(atProvider.cause == toProvider.id)
            let created = try entry(view, .webAPI, "POST /user/create.action → 200")
            let back = try #require(
                view.entries(of: .appServer).first { $0.kind == .httpResponse && $0.title.hasPrefix("web API: ") })
            #expect(back.cause == created.id)
            let answered = try entry(view, .appServer, "POST /login → 200")
            #expect(leads(view, from: back, to: answered))
            let granted = try entry(view, device.lane, "app login accepted")
            #expect(granted.cause == answered.id)
        }
    }

    @Test("A frame is the cause of its arrival, and the answer of what the device does with it")
    func link() async throws {
        try await TestLab.run { lab in
            let a = try await lab.device("A")
            let b = try await lab.device("B", platform: 1)
            try await a.signedIn()
            let view = lab.record.view
            let sent = try entry(view, a.lane, "login")
            let arrived = try entry(view, .imServer, "login")
            #expect(arrived.cause == sent.id)
            let answer = try entry(view, .imServer, "login 200")
            #expect(leads(view, from: arrived, to: answer))
            #expect(try entry(view, a.lane, "login → 200").cause == answer.id)

            // Over three lanes: B's login frame is why A was kicked.
            try await b.signedIn()
            try await a.stopped()
            let later = lab.record.view
            let login = try entry(later, b.lane, "login")
            let kicked = try entry(later, a.lane, "kicked, reason 1")
            #expect(leads(later, from: login, to: kicked))
        }
    }

    @Test("Every cause that is named exists, and ids are dense within a lane")
    func complete() async throws {
        try await TestLab.run { lab in
            let a = try await lab.device("A")
            try await a.signedIn()
            await a.stop()
            a.start()
            try await a.wait(for: "start") { $0.flow.saved != nil }
            a.logInAutomatically()
            try await a.online()
            let view = lab.record.view
            let ids = Set(view.entries.map(\.id))
            #expect(ids.count == view.entries.count)
            for entry in view.entries {
                if let cause = entry.cause { #expect(ids.contains(cause), "\(entry)") }
            }
            for lane in [a.lane, .appServer, .webAPI, .imServer] {
                let numbers = view.entries(of: lane).map(\.id.number)
                #expect(numbers == Array(1...numbers.count), "\(lane)")
            }
        }
    }
}
