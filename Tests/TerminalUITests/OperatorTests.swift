import LoginCore
import Providers
import TerminalFrame
import TerminalUI
import Testing

@Suite("The operator's menu with each provider")
struct OperatorTests {
    private func model(_ provider: String) throws -> Model {
        let provider = try #require(ProviderRegistry.provider(provider))
        var model = Model(provider: provider, size: Sample.small)
        _ = update(&model, .snapshot(Sample.lab([try Sample.online()])))
        return model
    }

    @Test(
        "An account is deleted after a second key, where that can be done, and the lab is there again",
        arguments: ProviderRegistry.all.filter { $0.operatorTexts.delete != nil }.map(\.id))
    func deletion(provider: String) throws {
        var model = try model(provider)
        #expect(model.type("ua").isEmpty)
        #expect(model.text().contains("Delete account k3j2h4x8q1 at the provider?"))
        #expect(model.type("y") == [.deleteAccount(account: "k3j2h4x8q1")])
        #expect(model.popups.isEmpty)
        _ = model.type("ua")
        _ = model.press(.escape, .escape)
        #expect(model.popups.isEmpty)
    }

    @Test("One device is chosen from those of the account, where the provider can kick one alone")
    func oneDevice() throws {
        var model = try model("easemob")
        #expect(model.type("uo").isEmpty)
        #expect(model.text().contains("Kick one device of account k3j2h4x8q1"))
        #expect(model.type("1") == [.kickDevice(account: "k3j2h4x8q1", device: "A")])
        model = try self.model("tencent")
        #expect(model.type("uo").isEmpty)
        #expect(model.status?.text == "Tencent IM can kick no device alone.")
    }

    @Test(
        "Whether an account is online is asked in the provider's own way, and a token that cannot be set is not promised",
        arguments: [
            ("commsease", "what userOnlineStatus tells"), ("tencent", "what query_online_status tells"),
            ("easemob", "what status tells"),
        ])
    func presence(provider: String, detail: String) throws {
        var model = try model(provider)
        _ = model.type("u")
        #expect(model.text().contains(detail))
        #expect(model.text().contains("update token     not with Tencent IM") == (provider == "tencent"))
        #expect(model.type("s") == [.askPresence(account: "k3j2h4x8q1")])
    }

    /// A device of the provider's first SDK is online, and the settings are known.
    private func online(_ id: String) throws -> Model {
        let provider = try #require(ProviderRegistry.provider(id))
        var device = try Sample.online()
        device.provider = id
        device.generation = provider.usual.id
        var lab = Sample.lab([device])
        lab.facts[id] = lab.facts["commsease"]
        var model = Model(provider: provider, size: Sample.small)
        _ = update(&model, .snapshot(lab))
        return model
    }

    @Test("Easemob's tokens of the endpoint are called so, and have the life that is set")
    func tokenWords() throws {
        var model = try online("easemob")
        #expect(model.text().contains("endpoint 600 s"))
        _ = model.type("s")
        #expect(model.text().contains("token kind       endpoint"))
        #expect(!model.text().contains("dynamic"))
        _ = model.type("l")
        #expect(model.text().contains("Life of a token"))
        model = try online("commsease")
        #expect(model.text().contains("static tokens"))
        _ = model.type("sl")
        #expect(model.text().contains("Life of a dynamic token"))
    }

    @Test("A second login with a typed token goes to an SDK that answers it, and to no other")
    func secondLogin() throws {
        var model = try online("easemob")
        #expect(model.type("tmia").isEmpty)
        _ = model.press(.tab)
        _ = model.type("Token")
        let sent = model.press(.enter, .enter)
        guard case .tokenLogin(_, _, _, let kind)? = sent.first else {
            Issue.record("nothing was sent: \(sent)")
            return
        }
        #expect(kind == .fixed)
        #expect(model.type("l").isEmpty)
        #expect(model.status?.text == "Logged in already: log out first (o).")
        for provider in ["commsease", "tencent"] {
            var model = try online(provider)
            _ = model.type("t")
            #expect(model.form == nil)
            #expect(model.status?.text == "Logged in already: log out first (o).")
        }
    }

    @Test("What an account has for good is called as the provider calls it")
    func credential() throws {
        var model = try model("easemob")
        _ = model.type("ut")
        #expect(model.text().contains("Update the password of k3j2h4x8q1"))
        model = try self.model("commsease")
        _ = model.type("ut")
        #expect(model.text().contains("Update the token of k3j2h4x8q1"))
    }

    @Test("With a provider whose accounts cannot be deleted the row says so")
    func notOffered() throws {
        var model = try model("commsease")
        #expect(model.type("ua").isEmpty)
        #expect(model.status?.text == "Accounts of CommsEase cannot be deleted.")
        #expect(model.popups.count == 1)
    }

    @Test(
        "Every provider's rows fit at 80 columns and speak of no other provider",
        arguments: ProviderRegistry.all.map(\.id))
    func words(id: String) throws {
        var model = try model(id)
        _ = model.type("u")
        let text = model.text()
        #expect(!text.contains("…"))
        if id != "commsease" { #expect(!text.contains("422") && !text.contains("302") && !text.contains("reason 2")) }
    }

    @Test("Only the kinds of token that the provider has can be chosen")
    func kinds() throws {
        var model = try model("tencent")
        _ = model.type("s")
        #expect(model.type("k").isEmpty)
        #expect(model.status?.text == "Tencent IM has one kind of token.")
        model = try self.model("commsease")
        _ = model.type("s")
        #expect(model.type("k") == [.setTokenKind(.dynamic)])
    }
}
