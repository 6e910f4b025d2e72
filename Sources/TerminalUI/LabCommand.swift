import LoginCore
import Providers

/// What the screen wants done; carried out by the composition root, off the loop, and answered by events.
///
/// `device` is a profile's name.
package enum LabCommand: Sendable, Hashable {
    /// Without an account the app server makes one.
    case register(device: String, user: String, password: Secret, account: String?)
    case signIn(device: String, user: String, password: Secret)
    /// A manual login with what the user typed, past the app server.
    case tokenLogin(device: String, account: String, token: Secret, kind: AuthenticationKind)
    case automaticLogin(device: String, forced: Bool)
    case logOut(device: String)
    case echo(device: String, text: String)
    /// The ids are those of the client list.
    case kickOthers(device: String, clients: [String])
    /// The app's process ends without a logout and starts again.
    case restartApp(device: String)
    /// The app's process ends without a logout.
    case stopApp(device: String)
    case startApp(device: String)
    case setNetwork(device: String, mode: NetworkMode, scope: NetworkScope)
    /// Cuts the connections with a reset.
    case cut(device: String)
    case background(device: String)
    case foreground(device: String)
    case renewNow(device: String)

    case ban(account: String, kick: Bool, notify: String?)
    case unban(account: String)
    case kickAccount(account: String, notify: String?)
    /// Has the provider end the session of one device.
    case kickDevice(account: String, device: String)
    /// Without a token the server makes one.
    case updateToken(account: String, token: Secret?)
    case refreshToken(account: String)
    /// Deletes an account at the provider, where that can be done.
    case deleteAccount(account: String)
    /// Takes a person's account away.
    case unbind(user: String)
    /// Gives a person without an account a new one.
    case bind(user: String)
    /// Says what the provider's console lists and counts.
    case showConsole
    /// Asks the provider whether an account is online, and where.
    case askPresence(account: String)
    /// An operator's command, or a setting, for another provider than the lab's.
    indirect case about(provider: String, LabCommand)

    case setProductForm(device: String, ProductForm)
    case setAfterRefusal(device: String, AfterRefusal)
    case setEarlyRenewal(device: String, Bool)
    /// The ids of a provider and of one of its generations.
    case setGeneration(device: String, provider: String, String)
    case setOptions(device: String, SDKOptions)
    case setPlatform(device: String, ClientPlatform)
    case setDevicePolicy(Int)
    /// For callback tokens the provider is made to ask the app server.
    case setTokenKind(AuthenticationKind)
    case setTokenLifetime(seconds: Int)

    case killBackend
    case startBackend
    case addDevice
    /// Writes the recording of everything since the start, and its story beside it; `replaces` files that are there.
    case save(file: String, replaces: Bool)
    case film(FilmCommand)
    /// Plays a recording, or a story's file, as a film in place of the lab.
    case openFilm(file: String)
    /// Plays a built-in story in virtual time, and then its transcript as a film.
    case playStory(name: String)
    /// Ends the film, or the wait for one.
    case leaveFilm
    /// Tells what is known of the built-in stories.
    case listStories
    case revealToken(device: String)
    case hideToken(device: String)
    case suspend
    case redraw
    case quit
}

extension LabCommand {
    /// Whether it is about accounts or settings, of which every provider has its own.
    var concernsProvider: Bool {
        switch self {
        case .ban, .unban, .kickAccount, .kickDevice, .updateToken, .refreshToken, .deleteAccount, .unbind, .bind,
            .showConsole, .askPresence, .setDevicePolicy, .setTokenKind, .setTokenLifetime:
            true
        // All are named, so that no new one is passed over.
        case .register, .signIn, .tokenLogin, .automaticLogin, .logOut, .echo, .kickOthers, .restartApp, .stopApp,
            .startApp, .setNetwork, .cut, .background, .foreground, .renewNow, .about, .setProductForm,
            .setAfterRefusal, .setEarlyRenewal, .setGeneration, .setOptions, .setPlatform, .killBackend, .startBackend,
            .addDevice, .save, .film, .openFilm, .playStory, .leaveFilm, .listStories, .revealToken, .hideToken,
            .suspend, .redraw, .quit:
            false
        }
    }
}
