import LoginCore

/// Opens long connections; live ones go through ``live(group:)``, tests give closures of their own.
package struct LinkService: Sendable {
    /// Opens a WebSocket with exactly one TCP connect.
    ///
    /// - `url`: `ws://HOST:PORT/PATH`, or `wss` for TLS.
    /// - `deadline`: real time for connect and upgrade together.
    ///
    /// Fails with `refused` (nothing listens, or an answer other than a proper 101), `timedOut` (no such answer in
    /// time), `tls(kind)` (the other side is not whom it should be, or does not speak TLS) or `linkClosed` (closed or reset before it; the calling task was cancelled, which closes the socket).
    package var open: @Sendable (_ url: String, _ deadline: Duration) async -> Result<LinkChannel, CloseCause>

    package init(
        open: @escaping @Sendable (_ url: String, _ deadline: Duration) async -> Result<LinkChannel, CloseCause>
    ) {
        self.open = open
    }

    /// The longest frame that is taken in, in bytes, fragments joined.
    package static let longestFrame = 65_536
}

/// One open long connection; it sends nothing of its own accord, heartbeats are the machine's.
package struct LinkChannel: Sendable {
    /// Sends one text frame; frames leave in the order of the calls, and after the link's end they go nowhere.
    package var send: @Sendable (_ text: [UInt8]) -> Void

    /// Says farewell (close 1000) and closes; further calls do nothing.
    package var close: @Sendable () -> Void

    /// What arrives, for one reader: frames, then exactly one `closed`, then the end.
    ///
    /// A link whose reader goes away is closed.
    package var inbound: AsyncStream<LinkInbound>

    package init(
        send: @escaping @Sendable (_ text: [UInt8]) -> Void,
        close: @escaping @Sendable () -> Void,
        inbound: AsyncStream<LinkInbound>
    ) {
        self.send = send
        self.close = close
        self.inbound = inbound
    }
}

/// What a long connection brings.
package enum LinkInbound: Hashable, Sendable {
    /// The bytes of one text frame, fragments joined; not checked further.
    case frame([UInt8])
    /// The link has ended: `linkClosed` for EOF, reset, a close frame, a broken protocol and our own close alike.
    case closed(CloseCause)
}
