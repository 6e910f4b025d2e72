import CloudServer
import LoginCore
import Providers
import Services
import Testing

@Suite("Logging out and quitting over real sockets", .timeLimit(.minutes(5)))
struct LogoutTests {
    @Test("A logout tells the server, erases what was kept and ends the app session")
    func told() async throws {
        try await TestLab.run { lab in
            let device = try await lab.device("A")
            let login = try await device.signedIn()
            device.send(.app(.signOutRequested))
            try await device.wait(for: "the login screen") {
                $0.flow.state == .signedOut(.loggedOut(wasServerTold: true))
            }
            #expect(device.screen == "logged out; the server was told")
            #expect(await device.kept == nil)
            #expect(device.core?.timers == [])
            try await lab.record.wait(for: "the end of the app session") { view in
                view.titles(of: .appServer).contains("POST /logout → 200")
            }
            let session = try #require(login.session.flatMap(lab.vault.secret))
            let answer = await lab.http.send(
                lab.endpoints.appServer, AppServerRequest.token(session: session).http(operatorKey: nil, cause: nil),
                .seconds(5))
            #expect(try answer.get().status == 401)
        }
    }

    /// Proves CE-2-logout, CE-5.3-logout.
    @Test("A logout that the server does not hear cleans up here all the same")
    func notTold() async throws {
        try await TestLab.run(scale: 10) { lab in
            let device = try await lab.device("A")
            try await device.signedIn()
            try await device.linkProxy.set(.swallow)
            lab.setPatience(.milliseconds(500))
            device.send(.app(.signOutRequested))
            try await device.wait(for: "the login screen") {
                $0.flow.state == .signedOut(.loggedOut(wasServerTold: false))
            }
            #expect(device.titles().contains("logout answer: due"))
            #expect(await device.kept == nil)
            #expect(device.core?.sdk.phase == .loggedOut)
        }
    }

    @Test("After the end of an app none of its sockets stays open at the backend", arguments: ["online", "dialling"])
    func ended(state: String) async throws {
        try await TestLab.run { lab in
            let device = try await lab.device("A")
            if state == "online" {
                try await device.signedIn()
            } else {
                try await device.linkProxy.set(.swallow)
                device.signIn("mia", "lantern-42")
                try await device.wait(for: "an attempt") { $0.sdk.phase == .connecting }
                while await device.linkProxy.connectionCount() == 0 { await Task.yield() }
            }
            let mark = lab.record.mark
            await device.stop()
            try await device.linkProxy.set(.pass)
            while await device.linkProxy.connectionCount() > 0 { await Task.yield() }
            while await device.appServerProxy.connectionCount() > 0 { await Task.yield() }
            if state == "online" {
                try await lab.record.wait(for: "the end of the link at the server") { view in
                    view.titles(of: .imServer, since: mark).contains("link ended")
                }
            }
            #expect(device.entries(since: mark).isEmpty, "an app that has ended says nothing")
        }
    }

    @Test("An app that ends while the app server has not answered does not wait for it")
    func endedWhileCalling() async throws {
        try await TestLab.run { lab in
            let device = try await lab.device("A")
            try await device.appServerProxy.set(.swallow)
            device.signIn("mia", "lantern-42")
            while await device.appServerProxy.connectionCount() == 0 { await Task.yield() }
            let begin = lab.clock.now()
            await device.stop()
            #expect(lab.clock.now() - begin < .seconds(9), "the app server's time is 10 s")
        }
    }
}
