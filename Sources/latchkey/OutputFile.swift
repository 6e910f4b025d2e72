import Foundation

/// A file that somebody named for the program to write.
enum OutputFile {
    /// Writes all of it or, to a file, nothing.
    ///
    /// A file is written beside its place and then moved there, so that a full disk leaves no half of one. What is no file,
    /// such as a pipe, is written to as it is, and what a link points to is written in place of the link.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        do {
            let target = URL(fileURLWithPath: path).resolvingSymlinksInPath()
            if let descriptor = descriptor(path) {
                try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).write(contentsOf: Data(bytes))
            } else if isFileOrNothing(target.path) {
                try Data(bytes).write(to: target, options: .atomic)
            } else {
                let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
                try handle.write(contentsOf: Data(bytes))
                try handle.close()
            }
        } catch {
            throw Failure("\(path) cannot be written: \(reason(error)).")
        }
    }

    /// Finds out before any work whether a file can be there.
    static func check(_ path: String) throws(Failure) {
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        guard manager.fileExists(atPath: path, isDirectory: &isFolder) else {
            let folder = URL(fileURLWithPath: path).resolvingSymlinksInPath().deletingLastPathComponent().path
            return try check(folder: folder)
        }
        guard !isFolder.boolValue else { throw Failure("\(path) cannot be written: it is a folder.") }
        guard manager.isWritableFile(atPath: path) else {
            throw Failure("\(path) cannot be written: it may not be changed.")
        }
    }

    /// Finds out whether files can be made in a folder.
    static func check(folder: String) throws(Failure) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw Failure("there is no folder \(folder); make it, or choose another one.")
        }
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw Failure("nothing may be written into \(folder); choose another folder.")
        }
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
