import LoginCore
import Testing

@Suite("Secrets do not show themselves")
struct SecretTests {
    private static let text = "hunter2-\u{1F511}"

    private struct Holder {
        let name: String
        let secret: Secret
    }

    private enum Choice {
        case held(Secret)
    }

    @Test("However a secret is printed, its text is not there")
    func printing() {
        let secret = Secret(Self.text, kind: .password)
        let printed =
            Self.printings(of: secret) + Self.printings(of: Optional(secret)) + Self.printings(of: [secret])
            + Self.printings(of: ["key": secret]) + Self.printings(of: Set([secret]))
            + Self.printings(of: Holder(name: "a", secret: secret)) + Self.printings(of: Choice.held(secret))
            + Self.printings(of: (1, secret)) + Self.printings(of: Result<Secret, Never>.success(secret))
            + [secret.description, secret.debugDescription]
        for text in printed {
            #expect(!text.contains("hunter2"), "\(text)")
            #expect(!text.contains("\u{1F511}"), "\(text)")
        }
        #expect(secret.description == "••••")
        // The search would find the text if it were there.
        #expect(Self.printings(of: Self.text).allSatisfy { $0.contains("hunter2") })
    }

    private static func printings<Value>(of value: Value) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        var printed = ""
        print(value, to: &printed)
        var debugPrinted = ""
        debugPrint(value, to: &debugPrinted)
        let mirrored = Mirror(reflecting: value).children.map { "\($0.value)" }.joined()
        return [dumped, printed, debugPrinted, "\(value)", String(describing: value), String(reflecting: value)]
            + (mirrored.isEmpty ? [] : [mirrored])
    }

    @Test("A secret gives its text only when asked to, and compares by text and kind")
    func revealing() {
        let secret = Secret(Self.text, kind: .token)
        #expect(secret.reveal(for: .wire) == Self.text)
        #expect(secret.length == 12)
        #expect(secret == Secret(Self.text, kind: .token))
        #expect(secret != Secret(Self.text, kind: .password))
        #expect(secret != Secret("other", kind: .token))
    }

    @Test("A reference prints its name and digest")
    func reference() {
        #expect("\(Sample.old)" == "token-1#00000001")
    }
}
