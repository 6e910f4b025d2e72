import Cloud
import LoginCore
import Providers
import Testing

/// The app server under requests and answers in every order.
struct AppServerRandomWalkTests {
    /// One walk; calls to the provider are delivered, lost or refused in any order.
    private func walk(seed: UInt64, steps: Int) throws -> (rig: BackendRig, asked: Int, log: String) {
        var chance = SeededGenerator(seed: seed).fork("walk")
        var rig = BackendRig()
        var sessions: [Secret] = [Secret("none", kind: .session)]
        var asked: [ExchangeID] = []
        var seen = 0
        var log = ""
        for _ in 0..<steps {
            rig.advance(.milliseconds(Int(chance.below(3000))))
            let person = AppServer.demoPeople[Int(chance.below(3))]
            let user = chance.below(3) == 0 ? "user-\(chance.below(20))" : person.user
            let account =
                try Person.parseList(rig.ask(.people, deliveringCalls: false)).get()
                .compactMap(\.account).randomElement(using: &chance) ?? "nobody"
            switch chance.below(20) {
            case 0..<4: asked.append(rig.begin(.register(user, "p")))
            case 4..<8: asked.append(rig.begin(.login(user, user == person.user ? person.password : "p")))
            case 8..<10: asked.append(rig.begin(.token(session: sessions.randomElement(using: &chance) ?? sessions[0])))
            case 10: asked.append(rig.begin(.logout(session: sessions.randomElement(using: &chance) ?? sessions[0])))
            case 11: asked.append(rig.begin(.refreshToken(account: account)))
            case 12: asked.append(rig.begin(.ban(account: account, kick: true, notify: nil)))
            case 13: asked.append(rig.begin(.unban(account: account)))
            case 14:
                let kind: AuthenticationKind = chance.below(2) == 0 ? .fixed : .dynamic
                asked.append(rig.begin(.changeSettings(AppServerSettingsPatch(tokenKind: kind))))
            case 15: rig.fail(.failure(CallFailure(.timedOut)))
            default: rig.deliver()
            }
            for exchange in asked[seen...] {
                if let answer = rig.answers[exchange], case .success(let grant) = AppServerGrant.parse(answer) {
                    sessions.append(grant.session)
                }
            }
            seen = asked.count
        }
        rig.deliverAll()
        for exchange in asked { log += "\(exchange) \(rig.answers[exchange]?.text ?? "no answer")\n" }
        log += rig.transcript.map { "\($0)" }.joined(separator: "\n")
        #expect(asked.allSatisfy { rig.answers[$0] != nil })
        return (rig, asked.count, log)
    }

    @Test("Every request is answered once, and nobody ever has two accounts", arguments: [1, 2, 3] as [UInt64])
    func invariants(seed: UInt64) throws {
        var (rig, asked, _) = try walk(seed: seed, steps: 2000)
        #expect(asked > 500)
        let people = try Person.parseList(rig.ask(.people)).get()
        let accounts = people.compactMap(\.account)
        #expect(Set(accounts).count == accounts.count && Set(people.map(\.user)).count == people.count)
        // The same people and tokens come back from the store, and every static token is the provider's latest.
        var again = rig.restarted()
        #expect(try Person.parseList(again.ask(.people)).get() == people)
        _ = again.ask(.changeSettings(AppServerSettingsPatch(tokenKind: .fixed)))
        for person in AppServer.demoPeople {
            let grant = try again.logIn(person.user, person.password).get()
            _ = again.ask(.unban(account: grant.token.account))
            let login = LinkLogin.of(grant.token.account, grant.token.token.reveal(for: .wire))
            #expect(again.provider.logIn(login).code == 200)
        }
    }

    @Test("The same requests give the same answers and transcript, byte for byte")
    func determinism() throws {
        #expect(try walk(seed: 4, steps: 500).log == walk(seed: 4, steps: 500).log)
    }
}
