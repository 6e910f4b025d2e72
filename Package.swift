// swift-tools-version: 6.2

import Foundation
import PackageDescription

/// Whether everything that needs a slow package is left out.
///
/// With `LATCHKEY_CORE=1` the rules, the cloud and the terminal views build and test in about a minute; use a scratch
/// directory of its own with it, as `scripts/test --core` does.
let coreOnly = ProcessInfo.processInfo.environment["LATCHKEY_CORE"] == "1"

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOWebSocket", package: "swift-nio"),
]
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let sqlite = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let tls = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

var dependencies: [Package.Dependency] = [
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
]

var targets: [Target] = [
    .target(name: "LoginCore", swiftSettings: settings),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "Providers", dependencies: ["LoginCore", "CZlib", crypto], swiftSettings: settings),
    .target(name: "Cloud", dependencies: ["LoginCore", "Providers", crypto], swiftSettings: settings),
    .target(
        name: "Scenarios",
        dependencies: [
            "LoginCore", "Providers", "Cloud",
            .product(name: "HeapModule", package: "swift-collections"),
            .product(name: "Yams", package: "Yams"),
        ],
        // The plugin builds the texts in.
        exclude: ["Stories"],
        swiftSettings: settings,
        plugins: ["EmbedStories"]
    ),
    .plugin(
        name: "EmbedStories", capability: .buildTool(), dependencies: ["embed-stories"],
        path: "scripts/embed-stories/Plugin"),
    .executableTarget(name: "embed-stories", path: "scripts/embed-stories/Tool", swiftSettings: settings),
    // A program that the tests start several times, to compare what different processes make of a story.
    .executableTarget(
        name: "story-exerciser",
        dependencies: ["Scenarios", "Providers", "LoginCore"],
        path: "Tests/StoryExerciser",
        swiftSettings: settings
    ),
    .target(name: "TerminalFrame", swiftSettings: settings),
    .target(name: "TerminalUI", dependencies: ["TerminalFrame", "LoginCore", "Providers"], swiftSettings: settings),
    .target(
        name: "CCurses",
        cSettings: [.define("_XOPEN_SOURCE_EXTENDED", to: "1"), .define("_GNU_SOURCE")],
        linkerSettings: [.linkedLibrary("ncursesw")]
    ),
    .target(
        name: "Curses",
        dependencies: ["CCurses", "TerminalFrame"],
        swiftSettings: settings + [.defaultIsolation(MainActor.self)]
    ),
    .testTarget(name: "LoginCoreTests", dependencies: ["LoginCore", "Providers"], swiftSettings: settings),
    .testTarget(name: "ProvidersTests", dependencies: ["Providers", "LoginCore"], swiftSettings: settings),
    .testTarget(name: "CloudTests", dependencies: ["Cloud", "Providers", "LoginCore"], swiftSettings: settings),
    .testTarget(
        name: "ScenariosTests",
        dependencies: ["Scenarios", "Cloud", "Providers", "LoginCore", "story-exerciser"],
        exclude: ["Recorded"],
        swiftSettings: settings
    ),
    .testTarget(name: "TerminalFrameTests", dependencies: ["TerminalFrame"], swiftSettings: settings),
    .testTarget(
        name: "TerminalUITests",
        dependencies: ["TerminalUI", "TerminalFrame", "LoginCore", "Providers"],
        exclude: ["Snapshots"],
        swiftSettings: settings
    ),
    .testTarget(name: "ArchitectureTests", swiftSettings: settings),
]

if !coreOnly {
    dependencies += [
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ]
    targets += [
        .target(
            name: "Services",
            dependencies: ["LoginCore", "Providers", httpClient, sqlite, logging, tls] + nio,
            swiftSettings: settings
        ),
        .target(
            name: "LoginClient",
            dependencies: ["LoginCore", "Providers", "Services", logging],
            swiftSettings: settings
        ),
        .target(
            name: "CloudServer",
            dependencies: [
                "Cloud", "Providers", "LoginCore", crypto, httpClient, sqlite, logging, tls,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "X509", package: "swift-certificates"),
            ] + nio,
            swiftSettings: settings
        ),
        .executableTarget(
            name: "latchkey",
            dependencies: [
                "LoginCore", "Providers", "Cloud", "Scenarios", "Services", "LoginClient", "CloudServer",
                "TerminalFrame", "TerminalUI", "Curses", logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        // A program that the tests start and kill, to prove what the token store promises about processes.
        .executableTarget(
            name: "store-exerciser",
            dependencies: ["Services", "LoginCore"],
            path: "Tests/StoreExerciser",
            swiftSettings: settings
        ),
        .testTarget(
            name: "ServicesTests",
            dependencies: ["Services", "LoginCore", "Providers", "store-exerciser", httpClient, sqlite] + nio,
            swiftSettings: settings
        ),
        .testTarget(
            name: "CloudServerTests",
            dependencies: ["CloudServer", "Cloud", "Providers", "LoginCore", httpClient, sqlite] + nio,
            swiftSettings: settings
        ),
        .testTarget(
            name: "LoginClientTests",
            dependencies: [
                "LoginClient", "Services", "CloudServer", "Cloud", "Scenarios", "Providers", "LoginCore", logging,
                crypto,
            ] + nio,
            swiftSettings: settings
        ),
        .testTarget(name: "EndToEndTests", swiftSettings: settings),
    ]
}

// Figures, not tests: nobody else needs them built.
if ProcessInfo.processInfo.environment["LATCHKEY_BENCHMARKS"] == "1" {
    targets.append(
        .executableTarget(
            name: "latchkey-benchmarks",
            dependencies: ["LoginCore", "Providers", "Cloud", "Scenarios"],
            swiftSettings: settings
        ))
}

let package = Package(
    name: "latchkey",
    dependencies: dependencies,
    targets: targets
)
