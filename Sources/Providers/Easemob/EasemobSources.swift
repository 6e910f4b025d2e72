/// The titles of the sources in the table of easemob.md, for the rule book.
extension Easemob {
    enum Source {
        static let seed = "Getting a user token (the project's document on Easemob)"
        static let userToken = "easemob-doc, easemob_user_token.md"
        static let appToken = "easemob-doc, easemob_app_token.md"
        static let errors = "easemob-doc, server-side/error.md"
        static let accounts = "easemob-doc, server-side/account_*.md"
        static let limits = "easemob-doc, limitation.md and limitationapi.md"
        static let login4 = "easemob-doc, login of SDK 4.x"
        static let connection4 = "easemob-doc, connection of SDK 4.x"
        static let errors4 = "easemob-doc, error codes of SDK 4.x"
        static let devices4 = "easemob-doc, several devices with SDK 4.x"
        static let v5 = "Connection, login and several devices of the iOS SDK V5"
        static let harmony = "Connection of the HarmonyOS SDK 5.0.0"
        static let webhook = "easemob-doc, callback_login_logout.md"
        static let headers = "EMErrorCode.h, EMClient.h and EMOptions.h of the iOS SDK"
        static let wrappers = "react-native-chat-sdk and im_flutter_sdk"
        static let demo = "easemob-demo-ios and easemob-demo-appserver"
        static let agora = "AgoraIO/Docs-Source, chat-sdk"
        static let recorded = "numbpeople/sx_test, recorded answers"
        static let usergrid = "apache/usergrid, ApplicationResource.java"
        static let web = "easemob/web-im, connection.js"
        static let javaServer = "easemob/easemob-im-server-sdk"
        static let phpServer = "the official PHP server SDK"
        /// Why a number is ours.
        static let silentNumber = "the sources give none"
        static let atOdds = "the sources are at odds, so it is a setting"
    }
}
