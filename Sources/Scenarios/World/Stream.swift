import Cloud
import LoginCore
import Providers

/// Names one TCP connection of a virtual world; minted by the world.
struct StreamID: CounterID {
    static let letter = "s"
    let number: Int
    init(_ number: Int) { self.number = number }
}

/// One piece of what goes over a connection.
enum Segment: Sendable {
    /// The client asks for the link.
    case open
    /// The link is up.
    case opened
    case frame([UInt8])
    indirect case request(HTTPRequestValue)
    indirect case answer(HTTPResponseValue)
    /// Nothing listens.
    case refused
    /// This side is gone.
    case end
}

/// What a connection is for.
enum StreamUse: Sendable {
    case link(ConnectionID)
    indirect case call(CallID, AppServerCall)
    /// The operator's, past every device's network.
    case operation(Int)

    var part: NetworkPart {
        switch self {
        case .link: .link
        case .call, .operation: .appServer
        }
    }
}

/// The client's end of a connection.
struct ClientEnd: Sendable {
    /// Where the device stands; nil for the operator.
    let device: Int?
    /// The run of the app that it belongs to.
    let life: Int
    let use: StreamUse
}

/// The IM server's end of a connection.
struct LinkEnd: Sendable {
    let link: LinkID
    /// The life of the backend that it belongs to.
    let life: Int
}

/// One TCP connection with the fault before its server: ordered and reliable in both directions.
struct Stream: Sendable {
    let end: ClientEnd
    /// When the last segment of each direction arrives: none overtakes another.
    var lastUp: Instant
    var lastDown: Instant
    /// What a silent network keeps, in order of arrival.
    var held: [(isUp: Bool, segment: Segment)] = []
    /// Whether anything of it has reached its server.
    var isAtServer = false
    /// The server's name for it, once it is up there.
    var link: LinkID?
    /// The client has closed it; what still comes goes to nobody.
    var isClientGone = false
}
