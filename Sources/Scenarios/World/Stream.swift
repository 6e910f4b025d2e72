import Cloud
import LoginCore
import Providers

/// Names one TCP connection of a virtual world; minted by its ``StreamTable``.
struct StreamID: Comparable, Sendable {
    /// 1 for the first connection of the world.
    let number: Int
    /// Where it stands in the table.
    fileprivate let seat: Int

    static func < (left: StreamID, right: StreamID) -> Bool { left.number < right.number }
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

/// The connections of a world that are not over.
///
/// Each has a seat, which its name tells: every segment looks its connection up three times, and has nothing to hash.
struct StreamTable: Sendable {
    private struct Seat: Sendable {
        /// The number of whom it belongs to; 0 when it is free.
        var number: Int
        var stream: Stream
    }

    private var seats: [Seat] = []
    private var free: [Int] = []
    private var last = 0

    mutating func open(_ end: ClientEnd, at now: Instant) -> StreamID {
        last += 1
        let seat = Seat(number: last, stream: Stream(end: end, lastUp: now, lastDown: now))
        guard let place = free.popLast() else {
            seats.append(seat)
            return StreamID(number: last, seat: seats.count - 1)
        }
        seats[place] = seat
        return StreamID(number: last, seat: place)
    }

    /// Where to find a connection, until the next one is opened or closed; nil when it is over.
    func place(of id: StreamID) -> Int? {
        seats[id.seat].number == id.number ? id.seat : nil
    }

    /// The connection at a ``place(of:)``.
    subscript(place place: Int) -> Stream {
        get { seats[place].stream }
        _modify { yield &seats[place].stream }
    }

    /// The connection, as long as it is not over.
    subscript(id: StreamID) -> Stream? { place(of: id).map { seats[$0].stream } }

    /// Forgets a connection that is over.
    @discardableResult
    mutating func close(_ id: StreamID) -> Stream? {
        guard let place = place(of: id) else { return nil }
        let stream = seats[place].stream
        seats[place].number = 0
        seats[place].stream.held = []
        free.append(place)
        return stream
    }

    /// Those for which `condition` holds, in the order in which they were opened.
    func ids(where condition: (Stream) -> Bool = { _ in true }) -> [StreamID] {
        var ids: [StreamID] = []
        for place in seats.indices where seats[place].number != 0 && condition(seats[place].stream) {
            ids.append(StreamID(number: seats[place].number, seat: place))
        }
        return ids.sorted()
    }
}
