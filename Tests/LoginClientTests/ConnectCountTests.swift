import CloudServer
import LoginCore
import Providers
import Testing

@Suite("One attempt is one TCP connect", .timeLimit(.minutes(5)))
struct ConnectCountTests {
    @Test("A manual login that fails 415 has connected once")
    func manual() async throws {
        try await TestLab.run { lab in
            try await CountingListener.run(.hangsUp) { listener in
                let device = try await lab.device("A", imLink: "ws://127.0.0.1:\(listener.port)/commsease")
                device.signIn("mia", "lantern-42")
                #expect(try await device.stopped().code == 415)
                #expect(device.screen == "415 cannot reach the server: link closed")
                #expect(listener.accepted == 1)
            }
        }
    }

    @Test("An app login connects once, whatever becomes of it", arguments: [true, false])
    func appLogin(isAnswered: Bool) async throws {
        let answer = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        try await TestLab.run { lab in
            try await CountingListener.run(isAnswered ? .answers(answer) : .hangsUp) { listener in
                let device = try await lab.device("A", appServer: "http://127.0.0.1:\(listener.port)")
                for attempt in 1...3 {
                    let mark = lab.record.mark
                    device.signIn("mia", "lantern-42")
                    try await lab.record.wait(for: "a failure") { view in
                        view.entries(of: .device("A"), since: mark).contains { $0.kind == .httpResponse }
                    }
                    #expect(listener.accepted == attempt)
                }
            }
        }
    }

    @Test("N automatic attempts are N connects")
    func automatic() async throws {
        try await TestLab.run(scale: 100) { lab in
            try await CountingListener.run(.hangsUp) { listener in
                let keeper = Keeper.inMemory()
                let first = try await lab.device("A", keeper: keeper)
                try await first.signedIn()
                await first.stop()
                let device = try await lab.device(
                    "A", keeper: keeper, imLink: "ws://127.0.0.1:\(listener.port)/commsease")
                try await device.wait(for: "start") { $0.flow.saved != nil }
                let mark = lab.record.mark
                device.logInAutomatically()
                try await device.wait(for: "the sixth attempt") { ($0.sdk.attempt?.number ?? 0) >= 6 }
                await device.stop()
                let attempts = device.titles(since: mark).filter { $0 == "open the link" }.count
                #expect(attempts >= 5)
                #expect(listener.accepted == attempts)
            }
        }
    }

    @Test("A login that works is one link at the server")
    func success() async throws {
        try await TestLab.run { lab in
            let device = try await lab.device("A")
            try await device.signedIn()
            #expect(lab.record.view.titles(of: .imServer).filter { $0 == "link opened" }.count == 1)
            #expect(lab.record.view.titles(of: .appServer).filter { $0 == "POST /login" }.count == 1)
        }
    }
}
