import Cloud
import LoginCore
import Providers

/// A cloud with hands on its IM link, whoever the provider is.
protocol LinkRig {
    /// Mints the links that are opened.
    var links: Counter<LinkID> { get set }
    /// How many frames were sent to the cloud.
    var frames: Int { get set }
    /// Every frame that the cloud sent, by link.
    var sent: [LinkID: [ServerFrame]] { get }

    /// Gives the cloud an event, and keeps what it asks for.
    @discardableResult
    mutating func handle(_ event: CloudEvent) -> [CloudEffect]
}

extension LinkRig {
    mutating func open() -> LinkID {
        let link = links.next()
        handle(.linkOpened(link, clientAddress: "127.0.0.1"))
        return link
    }

    /// Sends a frame and gives what the cloud sent back on the same link.
    @discardableResult
    mutating func send(_ body: ClientFrame.Body, on link: LinkID) -> [ServerFrame.Body] {
        frames += 1
        let before = sent[link, default: []].count
        handle(.frame(link, LinkCodec.encode(ClientFrame(id: frames, body: body))))
        return sent[link, default: []].dropFirst(before).map(\.body)
    }

    mutating func drop(_ link: LinkID) {
        handle(.linkClosed(link, .linkClosed))
    }

    /// Logs in on a link and gives the answer's code.
    mutating func logIn(_ login: LinkLogin, on link: LinkID) -> Int {
        for case .reply(_, .login(let code, _, _, _)) in send(.login(login), on: link) { return code }
        return 0
    }
}
