import NIOCore

/// A WebSocket client made by hand, so that it can break every rule.
struct WebSocketClient: Sendable {
    /// One frame as the server sent it.
    struct Frame: Hashable, Sendable {
        var opcode: UInt8
        var payload: [UInt8]

        var text: String { String(decoding: payload, as: UTF8.self) }
        /// The code of a close frame.
        var closeCode: Int? { payload.count < 2 ? nil : Int(payload[0]) << 8 | Int(payload[1]) }
    }

    enum Opcode {
        static let continuation: UInt8 = 0
        static let text: UInt8 = 1
        static let binary: UInt8 = 2
        static let close: UInt8 = 8
        static let ping: UInt8 = 9
        static let pong: UInt8 = 10
    }

    let raw: RawClient

    /// Connects and upgrades; nil when the server does not answer 101.
    static func open(_ port: Int, path: String = "/commsease", readsAtOnce: Bool = true) async throws
        -> WebSocketClient?
    {
        let raw = try await RawClient.connect(to: port)
        try await raw.send(upgrade(path: path))
        guard let head = await raw.read(through: "\r\n\r\n"), head.hasPrefix("HTTP/1.1 101") else { return nil }
        return WebSocketClient(raw: raw)
    }

    static func upgrade(path: String, host: String = "localhost", version: String = "13") -> String {
        "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: \(version)\r\n\r\n"
    }

    static func frame(
        _ opcode: UInt8,
        _ payload: [UInt8],
        isLast: Bool = true,
        isMasked: Bool = true,
        reserved: UInt8 = 0
    ) -> [UInt8] {
        var bytes = [(isLast ? 0x80 : 0) | reserved << 4 | opcode]
        let mask: UInt8 = isMasked ? 0x80 : 0
        switch payload.count {
        case 0..<126: bytes.append(mask | UInt8(payload.count))
        case 126..<65_536:
            bytes += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            bytes.append(mask | 127)
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (8 * (7 - $0))) }
        }
        guard isMasked else { return bytes + payload }
        let key: [UInt8] = [0x11, 0x22, 0x33, 0x44]
        return bytes + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
    }

    func send(_ text: String) async throws {
        try await raw.send(Self.frame(Opcode.text, Array(text.utf8)))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await raw.send(bytes)
    }

    /// The server's next frame; nil when the connection ends first.
    func read() async -> Frame? {
        guard let head = await raw.read(count: 2), head[1] & 0x80 == 0 else { return nil }
        var length = Int(head[1])
        if length == 126 {
            guard let more = await raw.read(count: 2) else { return nil }
            length = Int(more[0]) << 8 | Int(more[1])
        } else if length == 127 {
            guard let more = await raw.read(count: 8) else { return nil }
            length = more.reduce(0) { $0 << 8 | Int($1) }
        }
        guard let payload = await raw.read(count: length) else { return nil }
        return Frame(opcode: head[0] & 0x0F, payload: payload)
    }
}
