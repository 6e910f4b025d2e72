import Cloud
import LoginCore
import Providers
import Testing

/// Accounts and the people who have them: given at the first need, taken away, given anew (commsease.md §1).
struct AppServerBindingTests {
    /// Proves CE-1-first-need.
    @Test("Somebody who was there before is given an account at the first login, and keeps it")
    func firstNeed() throws {
        var rig = BackendRig()
        #expect(try Person.parseList(rig.ask(.people)).get().allSatisfy { $0.account == nil })
        #expect(rig.callCount == 0)
        let account = try rig.logIn("mia", "lantern-42").get().token.account
        #expect(rig.callCount == 1)
        #expect(try rig.logIn("mia", "lantern-42").get().token.account == account)
        #expect(rig.callCount == 1)
    }

    /// Proves OURS-unbind.
    @Test("Unbound, a person is given a new account at the next need; the old one stays with the provider")
    func unbind() throws {
        var rig = BackendRig()
        let grant = try rig.logIn("mia", "lantern-42").get()
        let old = grant.token.account
        _ = rig.ask(.ban(account: old, kick: false, notify: nil))
        #expect(rig.ask(.unbind(user: "mia")).text == "{}")
        #expect(rig.error(.unbind(user: "mia")) == "409 not_bound")
        #expect(rig.error(.unbind(user: "nobody")) == "404 unknown_user")
        let person = try #require(Person.parseList(rig.ask(.people)).get().first { $0.user == "mia" })
        #expect(person.account == nil && !person.isBanned)
        #expect(rig.error(.unban(account: old)) == "404 unknown_account")
        // The app session lives on and asks for a token.
        let next = try TokenGrant.parse(rig.ask(.token(session: grant.session))).get()
        #expect(next.account != old)
        #expect(rig.provider.logIn(.of(next.account, next.token.reveal(for: .wire))).code == 200)
        #expect(rig.provider.logIn(.of(old, grant.token.token.reveal(for: .wire))).code == 422)
        guard case .overview(let overview) = rig.provider.call(.consoleOverview) else {
            Issue.record("no overview")
            return
        }
        #expect(overview.accountTotal == 2)
        #expect(overview.bannedTotal == 1)
    }

    @Test("Bound again to the account of before, the person has a new token and the old one is void")
    func bindOld() throws {
        var rig = BackendRig()
        let first = try rig.logIn("mia", "lantern-42").get().token
        #expect(rig.error(.bind(user: "mia", account: nil)) == "409 already_bound")
        _ = rig.ask(.unbind(user: "mia"))
        #expect(rig.ask(.bind(user: "mia", account: first.account.uppercased())).text.contains(first.account))
        let second = try rig.logIn("mia", "lantern-42").get().token
        #expect(second.account == first.account)
        #expect(rig.provider.logIn(.of(first.account, first.token.reveal(for: .wire))).code == 302)
        #expect(rig.provider.logIn(.of(first.account, second.token.reveal(for: .wire))).code == 200)
        let again = rig.restarted()
        #expect(again.server.restoreProblems.isEmpty)
    }

    @Test("A name can be chosen, a name of another person not, and a provider that is away changes nothing")
    func bindChosen() throws {
        var rig = BackendRig()
        let noor = try rig.logIn("noor", "harbour-17").get().token.account
        #expect(rig.error(.bind(user: "mia", account: noor)) == "409 account_taken")
        #expect(rig.error(.bind(user: "mia", account: "no such name!")) == "400 bad_field")
        #expect(rig.error(.bind(user: "nobody", account: nil)) == "404 unknown_user")
        let before = rig.store
        let exchange = rig.begin(.bind(user: "mia", account: "chosen"))
        func refusal(_ request: AppServerRequest) -> String? {
            let exchange = rig.begin(request)
            return rig.answers[exchange].flatMap { AppServerError(parsing: $0) }?.name
        }
        #expect(refusal(.bind(user: "小林", account: "chosen")) == "account_taken")
        #expect(refusal(.unbind(user: "mia")) == "busy")
        #expect(refusal(.bind(user: "mia", account: nil)) == "busy")
        rig.fail(.failure(CallFailure(.timedOut)))
        #expect(rig.answers[exchange]?.status == 504)
        #expect(rig.store == before)
        #expect(rig.ask(.bind(user: "mia", account: "chosen")).text == #"{"account":"chosen"}"#)
        #expect(try rig.logIn("mia", "lantern-42").get().token.account == "chosen")
        #expect(rig.ask(.bind(user: "小林", account: nil)).status == 200)
    }

    @Test("The operator sees the console and makes accounts in it")
    func console() throws {
        var rig = BackendRig()
        _ = try rig.logIn("mia", "lantern-42").get()
        #expect(rig.ask(.consoleAccount(account: "Desk")).text == #"{"account":"desk"}"#)
        #expect(rig.ask(.consoleAccount(account: nil)).status == 200)
        #expect(rig.error(.consoleAccount(account: "desk")) == "502 provider_refused")
        #expect(rig.error(.consoleAccount(account: "!")) == "400 bad_field")
        let view = try ConsoleView.parse(rig.ask(.console)).get()
        #expect(view.accounts.count == 2)
        #expect(view.accounts.contains(ConsoleView.Account(account: "desk", isBanned: false)))
        #expect(view.accountTotal == 3)
        #expect(view.dailyActive == 0)
    }
}
