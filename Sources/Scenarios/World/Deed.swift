import LoginCore
import Providers

/// Something that is done to a world by whoever plays it: a story's step, an exploration, a user's key.
///
/// The virtual and the live world take the same deeds. Devices are named by their profiles.
package enum Deed: Hashable, Sendable {
    /// What the user of one device does, or what becomes of its app.
    case device(String, DeviceDeed)
    /// A request of the operator to the app server; its answer is awaited.
    case operate(AppServerRequest)
    /// The operator ends the session of one device, where the provider can; its answer is awaited.
    case kickDevice(account: String, device: String)
    /// The backend dies as a process that is killed; what it had written stays.
    case killBackend
    /// The backend lives again, with what was written and without sessions.
    case startBackend
}

extension Deed {
    /// Whether it may break connections that are open.
    package var breaksLinks: Bool {
        switch self {
        case .device(_, .network), .device(_, .cut), .device(_, .stopApp), .device(_, .restartApp), .killBackend: true
        case .device, .operate, .kickDevice, .startBackend: false
        }
    }
}

/// What is done to one device.
package enum DeviceDeed: Hashable, Sendable {
    case register(user: String, password: Secret, account: String?)
    /// A manual login with the password.
    case logIn(user: String, password: Secret)
    /// A manual login past the app server.
    case logInWithToken(account: String, token: TypedToken, kind: AuthenticationKind)
    case logInAutomatically(forced: Bool)
    case logOut
    /// Calls the SDK's login with the saved token, whatever it is doing, as a careless app would.
    case callLogin
    /// Calls the SDK's logout in the same way.
    case callLogout
    /// Fetches a new token now.
    case renew
    /// Sends a text that a working session answers.
    case echo(String)
    /// Kicks the other clients of the account: those on the platforms named, or all.
    case kickOthers([ClientPlatform]?)
    case changeApp(AppSettings)
    case network(NetworkSwitch)
    /// Resets every connection of the device.
    case cut
    case background
    case foreground
    /// Ends the app without a logout, as a crash would.
    case stopApp
    case startApp
    case restartApp
    /// Sets up the SDK of an app that did not at its start.
    case setUp
    /// Puts another build of the app on the device, while it does not run.
    case install(AppBuild)
}

/// The token of a login past the app server.
package enum TypedToken: Hashable, Sendable {
    case text(Secret)
    /// One that the world's vault keeps already.
    case kept(SecretRef)
}

/// Why a deed could not be done, in one sentence.
package struct DeedProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
