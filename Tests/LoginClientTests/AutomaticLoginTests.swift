import CloudServer
import LoginCore
import Providers
import Services
import Testing

@Suite("An automatic login over real sockets", .timeLimit(.minutes(5)))
struct AutomaticLoginTests {
    /// The back-off delays that a device has announced, in seconds.
    private func delays(_ device: TestDevice, since mark: Int) -> [Int64] {
        device.entries(since: mark).compactMap { entry in
            guard entry.kind == .timerStarted, entry.title.hasPrefix("next attempt") else { return nil }
            for case .duration(let microseconds) in entry.fields.map(\.value) { return microseconds / 1_000_000 }
            return nil
        }
    }

    @Test("A restart over the same token store logs in automatically, and the device keeps its id")
    func restart() async throws {
        try await withTemporaryDirectory { directory in
            try await TestLab.run { lab in
                let (store, _) = try TokenStore.open(directory: directory)
                let profile = try #require(try store.claim(["A"], count: 1).first)
                let device = try await lab.device(
                    "A", deviceID: profile.deviceID, keeper: .store(store, profile: profile.name))
                let login = try await device.signedIn()
                await device.stop()
                store.release("A")

                let (again, _) = try TokenStore.open(directory: directory)
                let sameProfile = try #require(try again.claim(["A"], count: 1).first)
                #expect(sameProfile == profile)
                let mark = lab.record.mark
                let later = try await lab.device(
                    "A", deviceID: sameProfile.deviceID, keeper: .store(again, profile: sameProfile.name))
                try await later.wait(for: "start") { $0.flow.saved != nil }
                later.logInAutomatically()
                try await later.online()
                #expect(later.core?.flow.saved?.account == login.account)
                #expect(later.core?.sdk.attempt?.request.mode == .automatic(forced: false))
                #expect(!later.titles(since: mark).contains("POST /login"))
            }
        }
    }

    /// Proves CE-8-backoff, CE-8-reset.
    @Test("While the link is refused the delays are the table's, and the last one repeats")
    func backoff() async throws {
        try await TestLab.run(scale: 100) { lab in
            let device = try await lab.device("A")
            try await device.signedIn()
            let mark = lab.record.mark
            try await device.linkProxy.set(.refuse)
            try await device.wait(for: "nine attempts") {
                ($0.sdk.attempt?.number ?? 0) >= 9 && $0.sdk.phase == .waiting
            }
            #expect(delays(device, since: mark).prefix(9) == [2, 4, 6, 8, 16, 32, 64, 64, 64])
            let due = device.entries(since: mark).filter { $0.title == "next attempt: due" }
            let started = device.entries(since: mark).filter {
                $0.kind == .timerStarted && $0.title.hasPrefix("next attempt")
            }
            for (start, end) in zip(started, due) {
                let waited = end.at - start.at
                #expect(start.title == "next attempt in \(delays(device, since: mark)[due.firstIndex(of: end) ?? 0]) s")
                #expect(waited >= .seconds(2))
            }
            #expect(device.core?.flow.state == .signedIn, "the app counts as logged in while the link is away")

            try await device.linkProxy.set(.pass)
            try await device.online()
            #expect(device.core?.sdk.backoff.count == 0)
        }
    }

    /// Proves CE-8-network-back.
    @Test("When the network hint returns the attempt is made at once")
    func hintReturns() async throws {
        try await TestLab.run { lab in
            let device = try await lab.device("A")
            try await device.signedIn()
            device.send(.sdk(.networkLost))
            try await device.linkProxy.set(.refuse)
            try await device.wait(for: "the wait for the network") { $0.sdk.phase == .waitingForNetwork }
            let mark = lab.record.mark
            try await device.linkProxy.set(.pass)
            device.send(.sdk(.networkReturned))
            try await device.online()
            let titles = device.titles(since: mark)
            #expect(titles.contains("next attempt: cancelled"))
            #expect(!titles.contains("next attempt: due"), "the countdown did not have to run out")
        }
    }

    /// Proves CE-8-skipped, CE-8-network-lost.
    @Test("An attempt that falls due while the network is away is skipped, but counted")
    func skips() async throws {
        try await TestLab.run(scale: 100) { lab in
            let device = try await lab.device("A")
            try await device.signedIn()
            let mark = lab.record.mark
            device.send(.sdk(.networkLost))
            try await device.linkProxy.set(.refuse)
            try await device.wait(for: "the third attempt") { $0.sdk.attempt?.number == 3 }
            #expect(delays(device, since: mark).prefix(3) == [2, 4, 6])
            #expect(!device.titles(since: mark).contains("open the link"))
            #expect(device.titles(since: mark).contains("attempt 1 skipped, but counted: there is no network"))
        }
    }

    /// Proves OURS-renew-once, CE-12.3, CE-11.2-refresh-token.
    @Test("A token that was replaced is refused 302; the app renews once and logs in manually, once")
    func renewsOnce() async throws {
        try await TestLab.run(scale: 20) { lab in
            let device = try await lab.device("A")
            let login = try await device.signedIn()
            try await lab.operate(.refreshToken(account: login.account.text))
            #expect(device.core?.sdk.phase == .online, "a replaced token leaves the live link alone")
            let mark = lab.record.mark
            await device.linkProxy.cut()
            try await device.wait(for: "a login with another token") { core in
                core.sdk.phase == .online && core.flow.state == .signedIn && core.flow.saved?.token != login.token
                    && core.flow.saved?.isUsable == true
            }
            let titles = device.titles(since: mark)
            #expect(titles.filter { $0 == "POST /token" }.count == 1)
            #expect(titles.filter { $0 == "login → 302" }.count == 1)
            #expect(titles.filter { $0 == "log in (manual)" }.count == 1)
            #expect(titles.filter { $0 == "login → 200" }.count == 1)
            #expect(await device.kept?.isUsable == true)
            #expect(await device.kept?.stop == nil)
        }
    }

    /// Proves OURS-renew-once, CE-11.2-update.
    @Test("A token that is refused again ends at the login screen")
    func renewsOnlyOnce() async throws {
        try await TestLab.run(scale: 20) { lab in
            let device = try await lab.device("A")
            let login = try await device.signedIn()
            // The provider's token is replaced behind the app server's back, so that what it hands out is old too.
            try await lab.replaceTokenAtProvider(account: login.account.text)
            let mark = lab.record.mark
            await device.linkProxy.cut()
            #expect(try await device.stopped().code == 302)
            try await device.wait(for: "the login screen") { core in
                if case .signedOut = core.flow.state { true } else { false }
            }
            let titles = device.titles(since: mark)
            #expect(titles.filter { $0 == "POST /token" }.count == 1)
            #expect(titles.filter { $0 == "login → 302" }.count == 2)
            #expect(await device.kept == nil, "a manual failure for the token erases what was kept")
        }
    }

    /// Proves CE-9-417, CE-14.2-device, CE-9-reconnect-unforced, OURS-drop-saved.
    @Test("Another device's manual login while this one was away: 417, and the saved login is dropped")
    func lastDevice() async throws {
        try await TestLab.run(scale: 20) { lab in
            let a = try await lab.device("A")
            let b = try await lab.device("B", platform: 1)
            try await a.signedIn()
            try await a.linkProxy.set(.refuse)
            try await a.wait(for: "the back-off") { $0.sdk.phase == .waiting }
            try await b.signedIn()
            try await a.linkProxy.set(.pass)
            #expect(try await a.stopped().code == 417)
            #expect(await a.kept == nil)
            #expect(a.core?.flow.saved == nil)
            #expect(b.core?.sdk.phase == .online, "a login that is refused kicks nobody")
        }
    }

    /// Proves CE-9-force, CE-4-kick-1.
    @Test("After a crash and another device's login, an automatic login is refused 417 and a forced one gets in")
    func forced() async throws {
        try await TestLab.run { lab in
            let b = try await lab.device("B", platform: 1)
            let keeper = Keeper.inMemory()
            let a = try await lab.device("A", keeper: keeper)
            try await a.signedIn()
            let saved = try #require(await a.kept)
            await a.stop()
            try await b.signedIn()
            a.start()
            try await a.wait(for: "start") { $0.flow.saved != nil }
            a.logInAutomatically()
            #expect(try await a.stopped().code == 417)
            #expect(await a.kept == nil)

            await a.stop()
            try keeper.save(saved)
            a.start()
            try await a.wait(for: "start") { $0.flow.saved != nil }
            a.logInAutomatically(forced: true)
            try await a.online()
            let kick = try #require(try await b.stopped().kick)
            #expect(kick.reason == 1)
            #expect(kick.clientType == 2, "the kicked one is told that it was an iOS device")
        }
    }

    /// Proves OURS-same-device.
    @Test("A login over one's own dead session replaces it silently: no kick, no 417")
    func ownSession() async throws {
        try await TestLab.run { lab in
            let a = try await lab.device("A")
            try await a.signedIn()
            // The server still holds the session: nothing tells it that the device is gone.
            try await a.linkProxy.set(.swallow)
            await a.stop()
            let other = try await lab.device("A", deviceID: a.deviceID, keeper: a.keeper)
            try await other.wait(for: "start") { $0.flow.saved != nil }
            let mark = lab.record.mark
            other.logInAutomatically()
            try await other.online()
            let server = lab.record.view.titles(of: .imServer, since: mark)
            #expect(server.contains("link closed: its device logged in again"))
            #expect(!server.contains { $0.contains("kicked") })
        }
    }

    /// Proves CE-1-form-attached.
    @Test("In the attached form the app is in whatever becomes of messaging", arguments: ["refused", "banned"])
    func attached(trouble: String) async throws {
        try await TestLab.run(scale: 100) { lab in
            let settings = AppSettings(form: .attached)
            let device = try await lab.device("A", settings: settings)
            if trouble == "refused" {
                try await device.linkProxy.set(.refuse)
                device.signIn("mia", "lantern-42")
                try await device.wait(for: "the second attempt") { $0.sdk.attempt?.number == 2 }
            } else {
                let login = try await device.signedIn()
                #expect(device.core?.sdk.attempt?.request.mode == .automatic(forced: true))
                device.send(.app(.signOutRequested))
                try await device.wait(for: "logout") { $0.sdk.phase == .loggedOut }
                try await lab.operate(.ban(account: login.account.text, kick: false, notify: nil))
                device.signIn("mia", "lantern-42")
                #expect(try await device.stopped().code == 422)
            }
            #expect(device.core?.flow.state == .signedIn)
        }
    }
}
