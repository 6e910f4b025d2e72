import LoginCore
import Providers

/// One story: who takes part, what is done, and what must be seen.
package struct Story: Sendable {
    /// The file's name without its ending, or what the caller says.
    package var name: String
    package var title: String
    /// One or more sentences for people; empty when there are none.
    package var about: String
    /// The rules that the story shows.
    package var shows: [RuleID]
    package var provider: String
    package var devices: [DeviceSetup]
    /// Names and passwords of those who take part; the demo people are among them.
    package var people: [String: Secret]
    /// What the operator sets before the first step.
    package var settings: AppServerSettingsPatch?
    package var network: NetworkModel
    package var seed: UInt64
    package var steps: [StoryStep]

    /// The world that the story plays in.
    package func world(
        seed: UInt64? = nil, sink: TranscriptSink = .full, recorder: Recorder? = nil
    ) throws(DeedProblem) -> VirtualWorld {
        try VirtualWorld(
            WorldSetup(
                provider: provider, devices: devices, seed: seed ?? self.seed, network: network, sink: sink),
            recorder: recorder)
    }
}

/// One step and where it stands.
package struct StoryStep: Sendable {
    package enum Kind: Sendable {
        case act(StoryAct)
        /// It must be seen, in time.
        case see(Sight, Timing)
        /// It must not be seen for so long.
        case never(Sight, Duration)
        /// Nothing but routine is written in these devices' lanes for so long; all lanes for nil.
        case quiet(String?, Duration)
        case wait(Duration)
    }

    package let kind: Kind
    /// The line in the file, from 1.
    package let line: Int
    /// The step on one line, as it could stand in the file.
    package let text: String
    /// What the app server must refuse the operator with, in part; nil when it must do what is asked.
    package let refusal: String?
}

/// When something must be seen, counted from the end of the step before.
package enum Timing: Hashable, Sendable {
    case within(Duration)
    /// Then, give or take what the network needs.
    case at(Duration)
}

/// What a step does.
package enum StoryAct: Sendable {
    case device(String, DeviceDeed)
    /// A typed login with the account of a person, or one that is written out.
    case typedLogin(String, account: AccountChoice, token: TokenChoice)
    /// The operator does something to the account of a person.
    case operate(person: String, OperatorAct)
    /// The operator asks the provider whether an account is online, in one of the provider's ways.
    case askPresence(AccountChoice, query: String?)
    /// The operator ends the person's session on one device.
    case kickDevice(person: String, device: String)
    /// The operator takes the person's account away; the provider keeps it.
    case unbind(person: String)
    /// The operator gives the person an account: the one named, or a new one.
    case bind(person: String, account: String?)
    case settings(AppServerSettingsPatch)
    case killBackend
    case startBackend
}

package enum AccountChoice: Sendable {
    case of(person: String)
    case named(String)
}

package enum TokenChoice: Sendable {
    case text(Secret)
    /// The one that the device has saved.
    case saved
    /// The one that another device has saved.
    case savedOn(String)
}

package enum OperatorAct: Hashable, Sendable {
    case ban(kick: Bool, notify: String?)
    case unban
    case kick(notify: String?)
    case replaceToken
    case refreshToken
    /// At the provider; whoever had it has none then.
    case deleteAccount
}

/// What can be seen of a world.
package enum Sight: Hashable, Sendable {
    /// The SDK's machine is in this state.
    case state(String, LoginMachine.Phase)
    /// The app is in this state, with a reason that has this text in it.
    case app(String, state: String, reason: String?)
    /// How good the token in hand is, in the words of ``Lease/text``.
    case lease(String, String)
    case saved(String, SavedChoice)
    /// The SDK's own words for its login status have this text in them.
    case loginStatus(String, String)
    /// So many other clients of the account are online.
    case others(String, Int)
    /// The listener was called with arguments that have this text in them.
    case callback(String, name: String, with: String?)
    /// A login failed with this code.
    case code(String, Int)
    /// The SDK opened a link so many times since the last thing that was done.
    case attempts(String, Int)
    /// The pauses before the next attempts, exactly, since the last thing that was done.
    case delays(String, [Duration])
    /// The token of the last login frame, against the one before.
    case token(String, TokenComparison)
    /// The operator was told this presence, with this text among the terminals.
    case presence(String, with: String?)
    /// An entry whose title has this text in it.
    case entry(Lane, String)
    /// Entries of one lane, in this order.
    case order(Lane, [String])
}

package enum SavedChoice: String, CaseIterable, Sendable {
    case usable
    case unusable
    case none
}

package enum TokenComparison: String, CaseIterable, Sendable {
    case same
    case new
}

/// What is wrong with a story, and where.
package struct StoryError: Error, Hashable, Sendable, CustomStringConvertible {
    package let file: String
    /// From 1.
    package let line: Int
    /// From 1, in Unicode scalars.
    package let column: Int
    package let message: String

    package init(file: String, line: Int, column: Int, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    package var description: String { "\(file):\(line):\(column): \(message)" }
}
