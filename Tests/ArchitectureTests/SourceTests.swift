import Testing

@Suite("The sources")
struct SourceTests {
    @Test(
        "What the language checks for us is not switched off, and nothing is left for later",
        arguments: [
            "@unchecked Sendable", "nonisolated(unsafe)", "try!", "as!", "Thread.sleep", "TODO", "FIXME", "fatalError(",
            "unsafeBitCast", "MainActor.assumeIsolated",
        ])
    func forbidden(word: String) throws {
        let files = try Tree.sources().filter { $0.text.contains(word) }.map(\.path)
        #expect(files == Self.exceptions[word, default: []])
    }

    /// Each with its reason.
    private static let exceptions: [String: [String]] = [
        // A dispatch source on the main queue calls on the main actor, which its type cannot say.
        "MainActor.assumeIsolated": ["Sources/Curses/Screen.swift"]
    ]

    @Test("Secrets are revealed in these places only")
    func reveals() throws {
        let found = try Tree.sources().map { ($0.path, $0.code.split(separator: ".reveal(for:").count - 1) }
        let counts = Dictionary(uniqueKeysWithValues: found.filter { $0.1 > 0 })
        #expect(
            counts == [
                // To mint, hash and compare.
                "Sources/Cloud/AppServer/AppServer+Records.swift": 4,
                "Sources/Cloud/CommsEase/CommsEaseCloud+Records.swift": 1,
                "Sources/Cloud/CommsEase/CommsEaseMint.swift": 6,
                "Sources/Cloud/CommsEase/CommsEaseTokenReport.swift": 1,
                "Sources/Cloud/Easemob/EasemobMint.swift": 7,
                "Sources/Cloud/Easemob/EasemobTokenReport.swift": 1,
                "Sources/Cloud/Tencent/TencentMint.swift": 2,
                "Sources/Cloud/Tencent/TencentTokenReport.swift": 1,
                "Sources/Providers/CommsEase/CommsEaseSignature.swift": 3,
                "Sources/Providers/SecretDigest.swift": 1,
                // To send.
                "Sources/Providers/CommsEase/CommsEaseAnswers.swift": 1,
                "Sources/Providers/CommsEase/CommsEaseAnswers+Accounts.swift": 1,
                "Sources/Providers/CommsEase/CommsEaseThirdParty.swift": 1,
                "Sources/Providers/CommsEase/CommsEaseWebAPI+HTTP.swift": 4,
                "Sources/Providers/Easemob/EasemobAnswers.swift": 2,
                "Sources/Providers/Easemob/EasemobWebAPI.swift": 5,
                "Sources/Providers/Tencent/TencentWebAPI.swift": 1,
                "Sources/Providers/Wire/AppServerAnswers.swift": 2,
                "Sources/Providers/Wire/AppServerOperator.swift": 1,
                "Sources/Providers/Wire/AppServerRequest.swift": 4,
                "Sources/Providers/Wire/LinkCodec.swift": 2,
                // To write a story that was found: demo passwords and tokens that never were.
                "Sources/Scenarios/Exploration/StoryWriter.swift": 2,
                // To keep.
                "Sources/CloudServer/StateDirectory.swift": 1,
                "Sources/Services/Store/StoreSchema.swift": 2,
                // To show, because the user asked or typed it.
                "Sources/LoginClient/LoginClient.swift": 1,
                "Sources/TerminalUI/Form.swift": 1,
                "Sources/latchkey/Lab/Lab.swift": 1,
                "Sources/Cloud/TokenReport.swift": 1,
                "Sources/latchkey/Commands/TokenCommand.swift": 1,
            ])
    }

    /// Proves TC-1.1-password: the key stays on the servers' side.
    ///
    /// The composition root reads it from a file for `latchkey token`; no client target may know it.
    @Test("The app's secret is known to the cloud's side only")
    func appSecret() throws {
        let pattern = try Regex(#"\bAppSecret\b"#)
        let places = try Tree.sources().filter { $0.code.contains(pattern) }.map(\.target)
        #expect(Set(places).isSubset(of: ["Cloud", "CloudServer", "latchkey"]))
    }

    @Test("Outside its own folders, a provider is named in these files only")
    func providerNames() throws {
        let folders = ["/CommsEase/", "/Tencent/", "/Easemob/"]
        let naming = try Tree.sources().filter { file in
            let code = file.code.lowercased()
            return !folders.contains(where: file.path.contains)
                && ["commsease", "tencent", "easemob"].contains(where: code.contains)
        }
        #expect(
            naming.map(\.path) == [
                "Sources/Cloud/ProviderClouds.swift",
                "Sources/Providers/ProviderRegistry.swift",
            ])
    }

    @Test("The core's code is the standard library's: no clock, no chance, no waiting")
    func pureCore() throws {
        let words = [
            "Date(", "ContinuousClock", "SuspendingClock", "SystemRandomNumberGenerator", ".random(in", ".shuffled(",
            ".randomElement(", "Task", "await ", "async ", "actor ", "Mutex", "print(",
        ]
        for file in try Tree.sources() where ["LoginCore", "TerminalFrame", "TerminalUI"].contains(file.target) {
            for word in words { #expect(!file.code.contains(word), "\(file.path): \(word)") }
        }
    }

    @Test("The cloud's values read no clock and no chance of their own")
    func pureCloud() throws {
        let words = [
            "Date(", "ContinuousClock", "SuspendingClock", "SystemRandomNumberGenerator", ".random(in", ".shuffled(",
            "Task", "await ",
        ]
        for file in try Tree.sources() where file.target == "Cloud" {
            for word in words { #expect(!file.code.contains(word), "\(file.path): \(word)") }
        }
    }
}
