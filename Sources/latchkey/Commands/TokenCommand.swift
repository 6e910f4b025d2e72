import ArgumentParser
import Cloud
import Foundation
import LoginCore
import Providers

/// `latchkey token`: makes a provider's signed tokens and says what is wrong with one.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Mint, inspect and verify a provider's signed tokens.",
        discussion: """
            A token is read from standard input. The app secret comes from a file, an environment variable or standard \
            input (before the token, on a line of its own), and never from an argument, which everybody on the machine \
            could read. \
            Exit code 0: nothing is wrong; 1: something is wrong with the token; 2: could not run.
            """,
        subcommands: [MintCommand.self, InspectCommand.self, VerifyCommand.self])

    /// `latchkey token mint`: a new token.
    struct MintCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "mint", abstract: "Print a token for an account, signed with the app secret.")

        @OptionGroup var options: TokenOptions

        @Option(
            help: ArgumentHelp(
                "How long the token lives; the provider's usual time when left out, 0 for ever with \(everlasting).",
                valueName: "seconds"))
        var ttl: Int64?

        @Option(
            help: ArgumentHelp(
                "How the same token is written: \(knownForms); the first when left out.", valueName: "name"))
        var form: String?

        /// The forms of the providers that have several.
        private static let knownForms = ProviderClouds.ids.compactMap { id in
            guard let forms = ProviderClouds.tokenInspector(provider: id)?.forms, !forms.isEmpty else { return nil }
            return "for \(id) \(forms.joined(separator: " or "))"
        }.joined(separator: ", ")

        /// The providers whose tokens may have no end.
        private static let everlasting = ProviderClouds.ids.filter { id in
            ProviderClouds.tokenInspector(provider: id)?.mintsForEver == true
        }.joined(separator: " or ")

        func validate() throws {
            // A hundred years; no clock of the lab counts beyond it.
            guard ttl.map({ (0...3_155_760_000).contains($0) }) ?? true else {
                throw ValidationError("--ttl takes 1 to 3155760000 seconds, or 0 for ever with \(Self.everlasting).")
            }
        }

        func run() throws {
            let inspector = try options.inspector()
            if let form, !inspector.forms.contains(form) {
                throw Failure(
                    inspector.forms.isEmpty
                        ? "tokens of that provider have one form only; leave --form out."
                        : "--form takes \(inspector.forms.joined(separator: " or ")) for that provider.")
            }
            if ttl == 0, !inspector.mintsForEver {
                throw Failure("--ttl takes 1 to 3155760000 seconds: a signed token of that provider always ends.")
            }
            guard let owner = try options.owner(secretMayComeFromInput: true) else {
                throw Failure("mint needs --app-key and --user; give both.")
            }
            let now = options.now
            let lifetime = ttl.map { Duration.seconds($0) } ?? inspector.usualLifetime
            let token =
                form.flatMap { inspector.mint(for: owner, at: now, lifetime: lifetime, form: $0) }
                ?? inspector.mint(for: owner, at: now, lifetime: lifetime)
            let report = inspector.report(on: token, for: owner, at: now)
            // The token alone on standard output, so that it can be piped into the next program.
            Streams.put((options.json ? report.json(with: token) : token.reveal(for: .screen)) + "\n")
            if !options.json {
                Streams.note(report.notes.map { "note: \($0)\n" }.joined())
            }
        }
    }

    /// `latchkey token inspect`: what can be said of a token, with or without the app secret.
    struct InspectCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "inspect",
            abstract: "Say what a token claims and what is wrong with it; the signature only with the app secret.")

        @OptionGroup var options: TokenOptions

        func run() throws {
            let inspector = try options.inspector()
            let owner = options.namesSecret ? try options.owner(secretMayComeFromInput: false) : nil
            if options.namesSecret, owner == nil {
                throw Failure("inspect checks a signature only with --app-key and --user; give them, or no app secret.")
            }
            try options.tell(inspector.report(on: try options.token(), for: owner, at: options.now))
        }
    }

    /// `latchkey token verify`: whether a token opens an account.
    struct VerifyCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify", abstract: "Say whether a token opens an account, and what the provider would answer."
        )

        @OptionGroup var options: TokenOptions

        func run() throws {
            let inspector = try options.inspector()
            guard options.appKey != nil, options.user != nil else {
                throw Failure("verify needs --app-key and --user; give both.")
            }
            if options.namesSecret {
                let owner = try options.owner(secretMayComeFromInput: false)
                try options.tell(inspector.report(on: try options.token(), for: owner, at: options.now))
            } else {
                let (secret, token) = try options.secretAndToken()
                try options.tell(inspector.report(on: token, for: try options.owner(secret), at: options.now))
            }
        }
    }
}

/// What the three commands have in common.
struct TokenOptions: ParsableArguments {
    @Option(help: "The provider: \(ProviderClouds.ids.joined(separator: ", ")).")
    var provider: String

    @Option(
        name: [.customLong("app-key"), .customLong("app-id")],
        help: ArgumentHelp("The app's key with the provider, or its number.", valueName: "key"))
    var appKey: String?

    @Option(help: ArgumentHelp("The account that the token is for.", valueName: "account"))
    var user: String?

    @Option(help: ArgumentHelp("The file that holds the app secret.", valueName: "file"))
    var keyFile: String?

    @Option(help: ArgumentHelp("The environment variable that holds the app secret.", valueName: "name"))
    var keyEnv: String?

    @Option(help: ArgumentHelp("The time to go by, in seconds since 1970; now when left out.", valueName: "seconds"))
    var at: Int64?

    @Flag(help: "Print JSON.")
    var json = false

    /// The longest app secret, in bytes.
    private static let longestSecret = 256

    func validate() throws {
        if keyFile != nil, keyEnv != nil {
            throw ValidationError("--key-file and --key-env exclude each other.")
        }
        if let at, !(0...253_402_300_799).contains(at) {
            throw ValidationError("--at takes 0 to 253402300799 seconds.")
        }
    }

    /// Whether the app secret has a place other than standard input.
    var namesSecret: Bool { keyFile != nil || keyEnv != nil }

    var now: Instant {
        at.map { Instant(seconds: $0) } ?? Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }

    /// The tokens of the chosen provider, whose app key is one that the provider could have given out.
    func inspector() throws -> any TokenInspector {
        guard let inspector = ProviderClouds.tokenInspector(provider: provider) else {
            throw Failure(
                "there are no tokens of that provider; the providers are: "
                    + "\(ProviderClouds.ids.joined(separator: ", ")).")
        }
        if let problem = appKey.flatMap({ ProviderRegistry.provider(provider)?.checkAppKey($0) }) {
            throw Failure("--app-key cannot be used: \(problem.message)")
        }
        return inspector
    }

    /// Whom the token is for, or nil when the app key or the account is not given.
    func owner(secretMayComeFromInput: Bool) throws -> TokenOwner? {
        guard appKey != nil, user != nil else { return nil }
        return try owner(try appSecret(mayComeFromInput: secretMayComeFromInput))
    }

    /// Whom the token is for, or nil when the app key or the account is not given.
    func owner(_ secret: Secret) throws -> TokenOwner? {
        guard let appKey, let user else { return nil }
        if case .failure(let problem)? = ProviderRegistry.provider(provider)?.checkAccount(user) {
            throw Failure("--user cannot be used: \(problem.message)")
        }
        return TokenOwner(appKey: appKey, appSecret: AppSecret(secret), account: user)
    }

    /// The token on standard input, without the line's end.
    func token() throws -> Secret {
        // More than any token has: the report says that it is too long.
        let bytes = try Self.read(.standardInput, atMost: 65_536, name: "standard input")
        return Self.token(bytes[...])
    }

    /// The app secret and the token on standard input, one line each.
    func secretAndToken() throws -> (secret: Secret, token: Secret) {
        guard isatty(STDIN_FILENO) == 0 else {
            throw Failure("the app secret would be seen when typed; use --key-file or --key-env, or a pipe.")
        }
        let bytes = try Self.read(.standardInput, atMost: 65_536 + Self.longestSecret, name: "standard input")
        guard let end = bytes.firstIndex(of: 0x0A) else {
            throw Failure(
                "standard input has one line only; name the app secret with --key-file or --key-env, or put it before "
                    + "the token on a line of its own.")
        }
        return (try Self.secret(bytes[..<end], place: "the first line"), Self.token(bytes[(end + 1)...]))
    }

    /// Without the line's end.
    private static func token(_ bytes: ArraySlice<UInt8>) -> Secret {
        let line = bytes.prefix(bytes.count - bytes.reversed().prefix { $0 == 0x0A || $0 == 0x0D }.count)
        return Secret(String(decoding: line, as: UTF8.self), kind: .token)
    }

    /// Prints a report, and ends with 1 when something is wrong.
    func tell(_ report: TokenReport) throws {
        Streams.put((json ? report.json() : report.lines.joined(separator: "\n")) + "\n")
        if report.isValid == false {
            throw Failure("something is wrong with the token; standard output says what.", code: 1)
        }
    }

    private func appSecret(mayComeFromInput: Bool) throws -> Secret {
        let bytes: [UInt8]
        let place: String
        if let keyEnv {
            place = "the environment variable of --key-env"
            guard let text = ProcessInfo.processInfo.environment[keyEnv] else {
                throw Failure("\(place) is not set; export it, or use --key-file.")
            }
            bytes = Array(text.utf8)
        } else if let keyFile {
            place = "the file of --key-file"
            guard let file = FileHandle(forReadingAtPath: keyFile) else {
                throw Failure("cannot open \(place); check the path and whether you may read it.")
            }
            bytes = try Self.read(file, atMost: Self.longestSecret * 2, name: place)
        } else if mayComeFromInput {
            place = "standard input"
            guard isatty(STDIN_FILENO) == 0 else {
                throw Failure("the app secret would be seen when typed; use --key-file or --key-env, or a pipe.")
            }
            bytes = try Self.read(.standardInput, atMost: Self.longestSecret * 2, name: place)
        } else {
            throw Failure("standard input holds the token; name the app secret with --key-file or --key-env.")
        }
        return try Self.secret(bytes[...], place: place)
    }

    private static func secret(_ bytes: ArraySlice<UInt8>, place: String) throws -> Secret {
        guard let text = String(validating: bytes, as: UTF8.self)?.trimmingCharacters(in: .whitespacesAndNewlines),
            (1...longestSecret).contains(text.utf8.count)
        else {
            throw Failure("\(place) has no app secret of 1 to \(longestSecret) bytes of UTF-8; look into it.")
        }
        return Secret(text, kind: .appSecret)
    }

    /// Reads to the end, or up to one byte more than `most`.
    private static func read(_ file: FileHandle, atMost most: Int, name: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            while bytes.count <= most, let data = try file.read(upToCount: most + 1 - bytes.count), !data.isEmpty {
                bytes += data
            }
        } catch {
            throw Failure("cannot read \(name); check that it is a readable file or pipe.")
        }
        return bytes
    }
}
