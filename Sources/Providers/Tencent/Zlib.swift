import CZlib

/// The zlib container (RFC 1950) around what a UserSig holds: two bytes of header, deflate, Adler-32.
package enum Zlib {
    /// Why bytes are no zlib container, or none that is opened.
    package enum Problem: Error, Hashable, Sendable, CaseIterable {
        /// It stops in the middle.
        case cutOff
        /// The header, the deflate blocks or the check sum are wrong.
        case damaged
        /// It would fill more than was allowed.
        case tooLarge
        /// Something follows its end.
        case trailingBytes
    }

    /// What the container holds, stored, fixed and dynamic blocks alike.
    ///
    /// Never more than `most` bytes are made, however much the container promises; `most` is at least 1.
    package static func inflate(_ bytes: [UInt8], atMost most: Int) throws(Problem) -> [UInt8] {
        var input = bytes
        var output = [UInt8](repeating: 0, count: most)
        var stream = z_stream()
        guard inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { throw .damaged }
        let status = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(clamping: source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(clamping: target.count)
                return CZlib.inflate(&stream, Z_FINISH)
            }
        }
        let (unread, unfilled) = (stream.avail_in, Int(stream.avail_out))
        inflateEnd(&stream)
        switch status {
        case Z_STREAM_END:
            guard unread == 0 else { throw .trailingBytes }
            output.removeLast(unfilled)
            return output
        case Z_BUF_ERROR, Z_OK:
            // Either side may be what ran out.
            throw unfilled == 0 ? .tooLarge : .cutOff
        default:
            throw .damaged
        }
    }

    /// A container of stored blocks: the same bytes on every machine.
    package static func stored(_ bytes: [UInt8]) -> [UInt8] {
        let longest = 0xFFFF
        var container: [UInt8] = [0x78, 0x01]
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(longest)
            rest = rest.dropFirst(longest)
            let length = UInt16(block.count)
            container.append(rest.isEmpty ? 1 : 0)
            container += [UInt8(length & 0xFF), UInt8(length >> 8), UInt8(~length & 0xFF), UInt8(~length >> 8)]
            container += block
        } while !rest.isEmpty
        let sum = adler32(bytes)
        return container + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) }
    }

    /// A container of compressed blocks; which bytes they are is the system library's affair.
    package static func deflated(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8] {
        var length = compressBound(uLong(bytes.count))
        var container = [UInt8](repeating: 0, count: Int(length))
        let status = compress2(&container, &length, bytes, uLong(bytes.count), level)
        // It fails for want of memory or room only, and stored blocks say the same.
        guard status == Z_OK else { return stored(bytes) }
        return Array(container.prefix(Int(length)))
    }

    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: CZlib.adler32_z(1, bytes, bytes.count))
    }
}
