import Foundation
import Testing

/// Whether a program that shares no address gets the port, which it gives back at once.
func canBind(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    } == 0
}

/// Free ports below those that the system hands out by itself.
func unusedPorts(_ count: Int) throws -> [Int] {
    let ports = (20_000..<30_000).shuffled().lazy.filter(canBind).prefix(count)
    let found = Array(ports)
    try #require(found.count == count)
    return found
}

/// The descriptors of this process whose sockets listen on a port of 127.0.0.1.
func descriptors(listeningOn port: Int) -> [CInt] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return names.compactMap { CInt($0) }.filter { descriptor in
        var listens: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return status == 0 && address.sin_family == sa_family_t(AF_INET)
            && UInt16(bigEndian: address.sin_port) == UInt16(port)
            && getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens == 1
    }
}
