/// What a key can mean; every one has a row in the key table.
package enum Action: String, Sendable, Hashable, CaseIterable {
    // Everywhere.
    case quit
    case redraw
    case suspend

    // The lab.
    case help
    case palette
    case signIn
    case register
    case tokenLogin
    case automaticLogin
    case forcedLogin
    case logOut
    case echo
    case kickOthers
    case networkMenu
    case cut
    case toggleBackground
    case restartApp
    case toggleRunning
    case renewNow
    case toggleToken
    case operatorMenu
    case settingsMenu
    case backendMenu
    case storiesMenu
    case nextDevice
    case previousDevice
    case selectDevice
    case addDevice
    case inspect
    case timelineUp
    case timelineDown
    case timelinePageUp
    case timelinePageDown
    case timelineStart
    case timelineEnd
    case filter
    case toggleHeartbeats
    case toggleLane
    case zoomTimeline
    case clear

    // Forms.
    case formSubmit
    case formCancel
    case formNextField
    case formPreviousField
    case formUp
    case formDown
    case formShowSecrets
    case textLeft
    case textRight
    case textHome
    case textEnd
    case textBackspace
    case textDelete
    case textDeleteToStart
    case textDeleteWord

    // Menus.
    case menuUp
    case menuDown
    case menuFirst
    case menuLast
    case menuChoose
    case menuBack

    // An entry laid open.
    case inspectUp
    case inspectDown
    case inspectPageUp
    case inspectPageDown
    case inspectStart
    case inspectEnd
    case inspectCause
    case inspectEffect
    case inspectBack

    // Help.
    case helpUp
    case helpDown
    case helpPageUp
    case helpPageDown
    case helpRun
    case helpErase
    case helpBack

    // A film.
    case filmPlay
    case filmStep
    case filmFaster
    case filmSlower
    case filmRewind
    case filmJump
    case filmLeave

    // The built-in stories.
    case storyUp
    case storyDown
    case storyPageUp
    case storyPageDown
    case storyFirst
    case storyLast
    case storyPlay
    case storyBack

    // The filter line.
    case filterKeep
    case filterDrop
}
