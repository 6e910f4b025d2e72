import Foundation

/// A file that somebody named for the program to write.
enum OutputFile {
    /// Writes all of it or, to a file, nothing.
    ///
    /// A file is written beside its place and then moved there, so that a full disk leaves no half of one. What is no file,
    /// such as a pipe, is written to as it is, and what a link points to is written in place of the link.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let target = try target(of: path)
        do {
            if let descriptor = descriptor(path) {
                guard descriptor != STDOUT_FILENO else { return Streams.put(String(decoding: bytes, as: UTF8.self)) }
                try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).write(contentsOf: Data(bytes))
            } else if isFileOrNothing(target) {
                try Data(bytes).write(to: URL(fileURLWithPath: target), options: .atomic)
            } else {
                let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: target))
                try handle.write(contentsOf: Data(bytes))
                try handle.close()
            }
        } catch {
            throw Failure("\(path) cannot be written: \(reason(error)).")
        }
    }

    /// Finds out before any work whether a file can be there.
    static func check(_ path: String) throws(Failure) {
        guard !path.isEmpty else { throw Failure("a file to be written needs a name.") }
        let target = try target(of: path)
        guard descriptor(path) == nil else { return }
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: target, isDirectory: &isFolder)
        if isFolder.boolValue { throw Failure("\(path) cannot be written: it is a folder.") }
        if isThere, !FileManager.default.isWritableFile(atPath: target) {
            throw Failure("\(path) cannot be written: it may not be changed.")
        }
        if isFileOrNothing(target) { try check(folder: parent(of: target)) }
    }

    /// Finds out whether files can be made in a folder.
    static func check(folder: String) throws(Failure) {
        let target = NSString(string: folder).expandingTildeInPath
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: target, isDirectory: &isFolder), isFolder.boolValue else {
            throw Failure("there is no folder “\(folder)”; make it, or choose another one.")
        }
        guard FileManager.default.isWritableFile(atPath: target) else {
            throw Failure("nothing may be written into \(folder); choose another folder.")
        }
    }

    /// Where the links of a path lead, whether there is something or not.
    static func target(of path: String) throws(Failure) -> String {
        var place = NSString(string: path).expandingTildeInPath
        for _ in 0..<40 {  // as many links as the system follows
            guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: place) else { return place }
            place = next.hasPrefix("/") ? next : "\(parent(of: place))/\(next)"
        }
        throw Failure("\(path) cannot be written: its links lead in a circle.")
    }

    private static func parent(of path: String) -> String {
        let parent = NSString(string: path).deletingLastPathComponent
        return parent.isEmpty ? "." : parent
    }

    /// The open file that a name such as `/dev/stdout` stands for, which goes on where its last writer stopped.
    private static func descriptor(_ path: String) -> Int32? {
        switch path {
        case "/dev/stdout": return STDOUT_FILENO
        case "/dev/stderr": return STDERR_FILENO
        default:
            let folder = ["/dev/fd/", "/proc/self/fd/"].first(where: path.hasPrefix)
            return folder.flatMap { Int32(path.dropFirst($0.count)) }
        }
    }

    /// Whether there is a file, or nothing yet.
    static func isFileOrNothing(_ path: String) -> Bool {
        let type = (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
        return type == nil || type == .typeRegular
    }

    /// What went wrong, in words.
    private static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileWriteOutOfSpace?: "the disk is full"
        case .fileNoSuchFile?, .fileReadNoSuchFile?: "there is no such folder"
        case .fileWriteNoPermission?, .fileWriteVolumeReadOnly?: "it may not be written there"
        default: "check the path and its permissions"
        }
    }
}
