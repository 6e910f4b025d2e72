/// The titles of the sources in the table of commsease.md, for the rule book.
extension CommsEase {
    enum Source {
        static let s0 = "Login Authentication (the project's first document)"
        static let s1 = "Account integration and login (the project's second document)"
        static let s2 = "CommsEase IM account (the project's third document)"
        static let d1 = "doc.yunxin.163.com, 登录及登出 IM"
        static let d2 = "doc.yunxin.163.com, V9 登录 IM (iOS, Android, Flutter, PC)"
        static let d3 = "V9 login best practice (Android, iOS)"
        static let d4 = "doc.commsease.com, Code Status Table and Status Codes"
        static let d5 = "doc.commsease.com, third-party callback: Overview and Login"
        static let d6 = "doc.commsease.com, Ban Accounts and Register an Account"
        static let d7 = "doc.yunxin.163.com, server API: register an account, refresh the token, kick"
        static let d8 = "doc.yunxin.163.com, multi-device login"
        static let d9 = "V9 web login page; V10 error codes (DUxNjU3MzU)"
        static let h1 = "iOS V9 SDK headers (NIMLoginManagerProtocol.h and others)"
        static let h2 = "iOS V10 V2NIMLoginServiceProtocol.h"
        static let h3 = "netease-im/node-nim 10.9.72, type definitions"
        static let h4 = "netease-im/CrossPlatform-SDK and NIM-CSharp-SDK headers"
        static let h5 = "NIM HarmonyOS V10 SDK package source"
        static let h6 = "nim-web-sdk-ng typings and bundle"
        static let h7 = "Android V9 StatusCode and ResponseCode"
        static let h8 = "netease-im/yunxin-server-sdk-java 1.2.0 and -golang 1.0.0"
        static let recorded = "answers recorded in public code"
        /// Why a documented code has a verdict of ours.
        static let silentVerdict = "no source says what an automatic login does, and trying again harms least"
        /// Why a number is ours.
        static let silentNumber = "the sources are silent; a suggested default of the reference page"
    }
}
