import TerminalFrame

/// Where everything goes on a screen of a given size.
///
/// ```
/// title
/// ─ Devices ────┬─ device ────────
///               │
/// ─ People ─────┤
///               ├─ token ─────────
/// ─ Timeline ───┴─────────────────
///
/// status
/// footer
/// ```
/// The first row of each pane is its heading, drawn as a line.
package struct Layout: Sendable, Equatable {
    package let title: Rect
    package let devices: Rect
    package let people: Rect
    package let device: Rect
    package let token: Rect
    package let timeline: Rect
    package let status: Rect
    package let footer: Rect

    /// - Parameters:
    ///   - size: at least `Model.smallest`; anything smaller gives panes that are cut off or empty.
    ///   - deviceCount: how many rows the list of devices wants.
    ///   - tokenRows: how many rows the token's pane wants; it gets up to three from the device's pane.
    ///   - isZoomed: whether the timeline has the whole screen but for one row of devices.
    package init(size: Size, deviceCount: Int, tokenRows: Int = 0, isZoomed: Bool) {
        let width = size.columns
        title = Rect(x: 0, y: 0, width: width, height: min(1, size.rows))
        footer = Rect(x: 0, y: size.rows - 1, width: width, height: 1)
        status = Rect(x: 0, y: size.rows - 2, width: width, height: 1)
        let room = max(0, size.rows - 3)
        let extra = max(0, size.rows - 24)
        // Of the rows above the first 24 a third goes to the panes, until they have all that they can use.
        let top = isZoomed ? 1 : min(13 + extra / 3, 21, room)
        timeline = Rect(x: 0, y: 1 + top, width: width, height: room - top)
        guard !isZoomed else {
            devices = Rect(x: 0, y: 1, width: width, height: 1)
            let none = Rect(x: 0, y: 1, width: 0, height: 0)
            (people, device, token) = (none, none, none)
            return
        }
        let left = width < 100 ? 28 : min(40, 28 + (width - 80) / 4)
        // One heading each, and two people at least.
        let deviceRows = min(max(2, deviceCount), max(0, top - 4))
        devices = Rect(x: 0, y: 1, width: left, height: 1 + deviceRows)
        people = Rect(x: 0, y: devices.endY, width: left, height: top - devices.height)
        let usual = 4 + min(3, max(0, (top - 13) / 2))
        let tokenRows = min(max(usual, tokenRows), usual + 3)
        let right = Rect(x: left + 1, y: 1, width: width - left - 1, height: top)
        device = Rect(x: right.x, y: 1, width: right.width, height: top - tokenRows - 1)
        token = Rect(x: right.x, y: device.endY, width: right.width, height: tokenRows + 1)
    }

    /// How many entries the timeline shows at once.
    package var timelineRows: Int { max(0, timeline.height - 1) }
}

extension Model {
    package var layout: Layout {
        let count = snapshot?.devices.count ?? 0
        let usual = Layout(size: size, deviceCount: count, isZoomed: isZoomed)
        guard let text = selectedDevice?.tokenText, !isZoomed else { return usual }
        let rows = Wrap.rows(text, width: TokenView.textWidth(usual.token)).count
        return Layout(size: size, deviceCount: count, tokenRows: 4 + rows, isZoomed: false)
    }
}
