import NIOCore
import NIOWebSocket

/// Joins the fragments of text messages and says what else a frame means (RFC 6455, sections 5 and 7).
struct LinkMessageAssembler {
    /// What a frame amounts to.
    enum Outcome: Hashable, Sendable {
        /// Part of a message that goes on, or a pong.
        case nothing
        case text([UInt8])
        case pong([UInt8])
        /// The other side says farewell; the close frame that answers it carries this.
        case farewell(code: Int?)
        /// The link must end, with this close code.
        case violation(code: Int)
    }

    /// Bytes of a joined message.
    static let longestMessage = 65_536

    private var message: [UInt8]?

    /// Takes the next frame; the client's frames are masked.
    mutating func add(_ frame: WebSocketFrame) -> Outcome {
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return .violation(code: 1002) }
        let bytes = Array(frame.unmaskedData.readableBytesView)
        switch frame.opcode {
        case .text:
            guard message == nil else { return .violation(code: 1002) }
            return append(bytes, to: [], isLast: frame.fin)
        case .continuation:
            guard let begun = message else { return .violation(code: 1002) }
            return append(bytes, to: begun, isLast: frame.fin)
        case .binary:
            return .violation(code: 1003)
        case .ping:
            return .pong(bytes)
        case .pong:
            return .nothing
        case .connectionClose:
            return farewell(bytes)
        default:
            return .violation(code: 1002)
        }
    }

    private mutating func append(_ bytes: [UInt8], to begun: [UInt8], isLast: Bool) -> Outcome {
        guard begun.count + bytes.count <= Self.longestMessage else { return .violation(code: 1009) }
        guard isLast else {
            message = begun + bytes
            return .nothing
        }
        message = nil
        let whole = begun.isEmpty ? bytes : begun + bytes
        return String(validating: whole, as: UTF8.self) == nil ? .violation(code: 1007) : .text(whole)
    }

    private func farewell(_ bytes: [UInt8]) -> Outcome {
        guard !bytes.isEmpty else { return .farewell(code: nil) }
        guard bytes.count >= 2 else { return .violation(code: 1002) }
        let code = Int(bytes[0]) << 8 | Int(bytes[1])
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: break
        default: return .violation(code: 1002)
        }
        guard String(validating: bytes[2...], as: UTF8.self) != nil else { return .violation(code: 1007) }
        return .farewell(code: code)
    }
}
