import LoginCore
import Providers

/// All that a lab was told since its start, and what it made of it: enough to live it once more.
///
/// It holds no secret: where one was, its stand-in is, with kind, length and digest. What a token led to is in the answers
/// of the servers, which are inputs, so that an expired token is still expired when the recording is replayed.
package struct Recording: Hashable, Sendable {
    /// One run of an app: all that its machines were made of.
    package struct Life: Hashable, Sendable, Codable {
        package let device: String
        /// The id of the provider, where it is another one than the recording's.
        package let provider: String?
        /// The id of one of the provider's generations.
        package let generation: String
        /// The provider's name of the kind of client.
        package let platform: String
        package let options: SDKOptions
        package let settings: AppSettings
        package let seed: UInt64
        /// The number of the last entry of the device's lane before.
        package let after: Int

        package init(
            device: String, provider: String? = nil, generation: String, platform: String, options: SDKOptions,
            settings: AppSettings, seed: UInt64, after: Int
        ) {
            self.device = device
            self.provider = provider
            self.generation = generation
            self.platform = platform
            self.options = options
            self.settings = settings
            self.seed = seed
            self.after = after
        }
    }

    /// One input and what came of it.
    package struct Take: Hashable, Sendable, Codable {
        package let device: String
        package let at: Instant
        package var input: ClientCore.Input
        package let cause: EntryID?
        /// The number of the frame that the input answers.
        package let frame: Int?
        package let shortestDeadline: Duration
        package var effects: [ClientCore.Effect]
        package var entries: [TranscriptEntry]
        package var state: CoreState

        package init(device: String, _ taken: TakenInput) {
            self.device = device
            at = taken.at
            input = taken.input
            cause = taken.cause
            frame = taken.frame
            shortestDeadline = taken.shortestDeadline
            effects = taken.output.effects
            entries = taken.output.entries
            state = CoreState(taken.core)
        }
    }

    /// What was done to the world around the machines.
    package enum Doing: Hashable, Sendable, Codable {
        case network(device: String, NetworkSwitch)
        case cut(device: String)
        case operate(account: String, Operation)
        case settings(Settings)
        /// A person's account was taken away.
        case unbind(user: String)
        /// A person was given an account: the one named, or a new one.
        case bind(user: String, account: String?)
        /// What the backend had kept of earlier runs.
        case found(Settings, people: [Person])
        case killBackend
        case startBackend
        /// Something that the story language has no words for, as a part of a sentence.
        case other(String)
    }

    /// What the operator did to an account.
    package enum Operation: Hashable, Sendable, Codable {
        case ban(kick: Bool, notify: String?)
        case unban
        case kick(notify: String?)
        case replaceToken
        case refreshToken
        case deleteAccount
        case askPresence(query: String?)
        /// One session alone.
        case kickDevice(device: String)
    }

    /// Somebody who had an account from an earlier run.
    package struct Person: Hashable, Sendable, Codable {
        package let user: String
        package let account: String
        package let isBanned: Bool

        package init(user: String, account: String, isBanned: Bool) {
            self.user = user
            self.account = account
            self.isBanned = isBanned
        }
    }

    /// The operator's settings that were changed; nil for those that were left alone.
    package struct Settings: Hashable, Sendable, Codable {
        package var tokenKind: AuthenticationKind?
        /// In seconds.
        package var tokenLifetime: Int64?
        /// In seconds.
        package var sessionLifetime: Int64?
        package var devicePolicy: Int?
        package var authTypes: [Int]?
        package var loginCallback: Bool?
        /// The settings of the provider's console, in its own names: a JSON object.
        package var console: String?

        package init(_ patch: AppServerSettingsPatch) {
            tokenKind = patch.tokenKind
            tokenLifetime = patch.tokenLifetime?.components.seconds
            sessionLifetime = patch.sessionLifetime?.components.seconds
            devicePolicy = patch.devicePolicy
            authTypes = patch.authTypes
            loginCallback = patch.loginCallback
            console = patch.provider.map { String(decoding: $0.encoded(), as: UTF8.self) }
        }
    }

    /// One line of the recording.
    package enum Item: Hashable, Sendable, Codable {
        /// An app starts.
        case begin(Life, at: Instant)
        case take(Take)
        /// An app ends without a logout.
        case end(device: String, at: Instant)
        /// `provider` is the id of the one that the operator turned to, where it is another one than the recording's.
        case doing(Doing, provider: String? = nil, at: Instant)
        /// An entry of a server's lane.
        case entry(TranscriptEntry)
    }

    /// The provider's id.
    package let provider: String
    package var items: [Item]

    package init(provider: String, items: [Item] = []) {
        self.provider = provider
        self.items = items
    }

    /// The ids of the providers whose SDKs were played, in the order of their first apps; the recording's own when none.
    package var providers: [String] {
        var found: [String] = []
        for case .begin(let life, _) in items where !found.contains(life.provider ?? provider) {
            found.append(life.provider ?? provider)
        }
        return found.isEmpty ? [provider] : found
    }

    /// The transcript, in the order in which things were recorded.
    package var entries: [TranscriptEntry] {
        items.flatMap { item -> [TranscriptEntry] in
            switch item {
            case .take(let take): take.entries
            case .entry(let entry): [entry]
            case .begin, .end, .doing: []
            }
        }
    }

    /// The SHA-256 of the transcript as JSON lines.
    package var transcriptHash: String { SecretDigest.sha256(TranscriptJSON.lines(entries)) }
}

extension Recording.Doing {
    /// The deed in the words of a recording; nil for those that the machines' own inputs or an app's life tell of.
    package init?(_ deed: Deed) {
        switch deed {
        case .device(let name, .network(let network)): self = .network(device: name, network)
        case .device(let name, .cut): self = .cut(device: name)
        case .device: return nil
        case .operate(let request):
            guard let doing = Self(request) else { return nil }
            self = doing
        case .kickDevice(let account, let device): self = .operate(account: account, .kickDevice(device: device))
        case .killBackend: self = .killBackend
        case .startBackend: self = .startBackend
        }
    }

    /// The operator's request; nil for one that changes nothing, and for a kick of one device, which has no name there.
    package init?(_ request: AppServerRequest) {
        switch request {
        case .ban(let account, let kick, let notify):
            self = .operate(account: account, .ban(kick: kick, notify: notify))
        case .unban(let account): self = .operate(account: account, .unban)
        case .kick(let account, let notify): self = .operate(account: account, .kick(notify: notify))
        case .updateToken(let account, _): self = .operate(account: account, .replaceToken)
        case .refreshToken(let account): self = .operate(account: account, .refreshToken)
        case .changeSettings(let patch): self = .settings(Recording.Settings(patch))
        case .deleteAccount(let account): self = .operate(account: account, .deleteAccount)
        case .presence(let account, let query): self = .operate(account: account, .askPresence(query: query))
        case .unbind(let user): self = .unbind(user: user)
        case .bind(let user, let account): self = .bind(user: user, account: account)
        case .consoleAccount: self = .other("an account was made in the console")
        case .discovery, .register, .login, .token, .logout, .people, .settings, .console, .providerCallback,
            .kickDevice:
            return nil
        }
    }
}

extension Recording.Item {
    /// When it happened.
    package var at: Instant {
        switch self {
        case .begin(_, let at), .end(_, let at), .doing(_, _, let at): at
        case .take(let take): take.at
        case .entry(let entry): entry.at
        }
    }
}
