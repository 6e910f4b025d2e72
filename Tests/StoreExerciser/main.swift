import Glibc
import LoginCore
import Services

/// Prints one line at once, so that a reader knows what had happened before this process was killed.
func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
}

/// The login that stands for number `count`.
func login(_ count: Int64, padding: Int = 0) -> StoredLogin {
    StoredLogin(
        provider: "commsease", user: "ann", account: "acc",
        token: Secret("token-\(count)" + String(repeating: "x", count: padding), kind: .token), kind: .fixed,
        tokenExpires: Instant(microseconds: count), isUsable: true)
}

/// Saves 1, 2, 3 … from where the profile stands, each printed once it is saved, until the process is killed.
func save(_ store: TokenStore, profile: String) throws(StoreError) {
    var count = try store.load(profile: profile, provider: "commsease")?.tokenExpires?.microseconds ?? 0
    while true {
        count += 1
        try store.save(login(count), profile: profile)
        say("saved \(count)")
    }
}

/// Saves under a limit on the size of files, as on a full disk, until that fails.
func fill(_ store: TokenStore, profile: String) throws(StoreError) {
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: 262_144, rlim_max: 262_144)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    var count: Int64 = 0
    while true {
        count += 1
        try store.save(login(count, padding: 4096), profile: profile)
        say("saved \(count)")
    }
}

func run(_ arguments: [String]) throws(StoreError) {
    guard arguments.count >= 3 else { throw StoreError("usage: store-exerciser MODE DIRECTORY [PROFILE…]") }
    // The modes of the files must not depend on it.
    umask(0)
    if arguments[1] == "as-nobody" {
        setgid(65_534)
        setuid(65_534)
    }
    let (store, notice) = try TokenStore.open(directory: arguments[2])
    if let notice { say("notice \(notice)") }
    let wanted = Array(arguments.dropFirst(3))
    let profiles = try store.claim(wanted, count: max(1, wanted.count))
    for profile in profiles { say("profile \(profile.name) \(profile.deviceID)") }
    switch arguments[1] {
    case "save":
        try save(store, profile: profiles[0].name)
    case "fill":
        try fill(store, profile: profiles[0].name)
    case "hold", "as-nobody":
        say("ready")
        while readLine() != nil {}
    default:
        throw StoreError("There is no mode \(arguments[1]).")
    }
}

// NIO's sockets outlive an exec: those of the tests that run beside ours would stay open for as long as we do.
for descriptor in CInt(3)..<1024 { close(descriptor) }
do {
    try run(CommandLine.arguments)
} catch {
    say("error \(error.message)")
    exit(1)
}
