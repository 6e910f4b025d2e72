import LoginCore
import Providers

/// A menu on the screen; its rows are made from the model each time, so that they never show an old state.
package struct Menu: Sendable, Equatable {
    package enum Kind: Sendable, Hashable {
        case network(device: String)
        case kickOthers(device: String)
        /// `user` nil: the person of the selected device.
        case operators(user: String?)
        /// Which device of an account the operator means.
        case oneDevice(account: String)
        /// Whether an account is really to be deleted.
        case deletion(account: String)
        case people
        case settings(device: String)
        case generation(device: String)
        case options(device: String)
        case platform(device: String)
        case devicePolicy
        case backend
    }

    package let kind: Kind
    /// Index of the chosen row.
    package var selected = 0

    package init(_ kind: Kind) {
        self.kind = kind
    }
}

/// One row of a menu.
package struct MenuItem: Sendable, Equatable {
    /// What choosing the row does.
    package enum Choice: Sendable, Equatable {
        case command(LabCommand)
        /// The menu stays, so that the change can be seen.
        case change(LabCommand)
        case form(Form.Kind)
        case menu(Menu.Kind)
        /// Replaces this menu by another one on the person.
        case person(String)
    }

    package let key: Character?
    package let label: String
    package let detail: String
    /// Whether the row says what holds now.
    package let isCurrent: Bool
    package let choice: Choice
    /// Why the row cannot be chosen, in one sentence; nil when it can.
    package let obstacle: String?

    init(
        _ key: Character?,
        _ label: String,
        _ detail: String = "",
        isCurrent: Bool = false,
        obstacle: String? = nil,
        _ choice: Choice
    ) {
        self.key = key
        self.label = label
        self.detail = detail
        self.isCurrent = isCurrent
        self.obstacle = obstacle
        self.choice = choice
    }
}
