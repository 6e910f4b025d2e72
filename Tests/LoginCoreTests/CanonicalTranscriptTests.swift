import LoginCore
import Testing

@Suite("The canonical transcript")
struct CanonicalTranscriptTests {
    private func entry(
        _ lane: Lane,
        _ number: Int,
        cause: EntryID? = nil,
        at: Int64 = 0,
        title: String = "login",
        fields: [Field] = [],
        isHeartbeat: Bool = false
    ) -> TranscriptEntry {
        TranscriptEntry(
            id: EntryID(lane: lane.key, number: number), lane: lane, at: Instant(seconds: at), owner: .sdk,
            cause: cause,
            kind: .frameSent, title: title, fields: fields, isHeartbeat: isHeartbeat)
    }

    private let deviceA = Lane.device("A")

    @Test("Entries are written lane by lane, causes as positions")
    func lanes() {
        let entries = [
            entry(.imServer, 7, cause: EntryID(lane: "B", number: 3), title: "got it"),
            entry(.webAPI, 1, title: "api"), entry(.appServer, 1, title: "app"),
            entry(.device("B"), 3, title: "send"), entry(deviceA, 1, cause: EntryID(lane: "gone", number: 1)),
            entry(deviceA, 5, cause: EntryID(lane: "A", number: 1)),
        ]
        #expect(
            CanonicalTranscript(entries).lines == [
                "A@1 <- - sdk frameSent login {}", "A@2 <- A@1 sdk frameSent login {}",
                "B@1 <- - sdk frameSent send {}", "app-server@1 <- - sdk frameSent app {}",
                "web-api@1 <- - sdk frameSent api {}", "im-server@1 <- B@1 sdk frameSent got it {}",
            ])
    }

    @Test("Instants, ids, tokens and entry numbers that differ from world to world make no difference")
    func worlds() {
        func world(_ shift: Int, _ account: String, _ token: SecretRef) -> [TranscriptEntry] {
            [
                entry(
                    deviceA, 1 + shift, at: Int64(shift),
                    fields: [
                        Field("account", .id(kind: "account", account)), Field("token", .secret(token)),
                        Field("at", .instant(Instant(seconds: Int64(shift)))), Field("code", .number(302)),
                    ]),
                entry(
                    deviceA, 2 + shift, cause: EntryID(lane: "A", number: 1 + shift), title: "ask(\(account))",
                    fields: [Field("account", .id(kind: "account", account)), Field("ok", .flag(true))]),
            ]
        }
        let one = CanonicalTranscript(world(0, "alice", Sample.old))
        #expect(one == CanonicalTranscript(world(40, "x9", Sample.new)))
        #expect(
            one.lines == [
                "A@1 <- - sdk frameSent login {account=account#1 token=token#1 code=302}",
                "A@2 <- A@1 sdk frameSent ask(account#1) {account=account#1 ok=true}",
            ])
    }

    @Test("Names count by kind and by lane, in the order of first appearance")
    func renaming() {
        let entries = [
            entry(
                deviceA, 1,
                fields: [
                    Field("a", .id(kind: "session", "s-7")), Field("b", .id(kind: "session", "s-3")),
                    Field("c", .id(kind: "account", "s-7")), Field("d", .id(kind: "session", "s-7")),
                    Field("e", .secret(Sample.new)), Field("f", .secret(Sample.old)), Field("g", .secret(Sample.new)),
                    Field("h", .secret(Sample.password)),
                ]),
            entry(.device("B"), 1, fields: [Field("a", .id(kind: "session", "s-3"))]),
        ]
        #expect(
            CanonicalTranscript(entries).lines == [
                "A@1 <- - sdk frameSent login {a=session#1 b=session#2 c=account#1 d=session#1 e=token#1 f=token#2 "
                    + "g=token#1 h=password#1}",
                "B@1 <- - sdk frameSent login {a=session#1}",
            ])
    }

    @Test("Renaming does not hide that a different account or token is used")
    func differences() {
        func lines(_ second: String) -> [String] {
            CanonicalTranscript([
                entry(deviceA, 1, fields: [Field("account", .id(kind: "account", "alice"))]),
                entry(deviceA, 2, fields: [Field("account", .id(kind: "account", second))]),
            ]).lines
        }
        #expect(lines("alice") != lines("bob"))
    }

    @Test("The other fields are written as they are")
    func fields() {
        let line = CanonicalTranscript([
            entry(
                deviceA, 1,
                fields: [
                    Field("text", "hi"), Field("after", .duration(microseconds: 2_000_000)),
                    Field("rule", .rule("CE-8-backoff")),
                ])
        ]).lines
        #expect(line == ["A@1 <- - sdk frameSent login {text=hi after=2000000us rule=CE-8-backoff}"])
    }

    @Test("Heartbeats that succeed are left out, however many there were")
    func heartbeats() {
        func transcript(pings: Int) -> CanonicalTranscript {
            var world = ClientWorld.started()
            world.signIn()
            for _ in 0..<pings {
                world.nextTimer()
                world.hear(.pong)
            }
            world.drop()
            return CanonicalTranscript(world.entries)
        }
        #expect(transcript(pings: 0) == transcript(pings: 3))
    }

    @Test("A probe that is not answered is there")
    func failedProbes() {
        var world = ClientWorld.started()
        world.signIn()
        for _ in 0..<6 { world.nextTimer() }
        let lines = CanonicalTranscript(world.entries).lines
        #expect(lines.count { $0.contains("frameSent ping, probe") } == 4)
        #expect(lines.contains { $0.contains("online → waiting") })
    }

    @Test("The order in which lanes came in does not matter")
    func order() {
        let entries = (1...20).map { entry($0 % 3 == 0 ? .imServer : .device("d\($0 % 3)"), $0, title: "t\($0)") }
        let lines = CanonicalTranscript(entries).lines
        let byLane = entries.filter { $0.lane == .imServer } + entries.filter { $0.lane != .imServer }
        #expect(CanonicalTranscript(byLane).lines == lines)
    }
}
