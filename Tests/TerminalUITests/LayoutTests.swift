import TerminalFrame
import TerminalUI
import Testing

@Suite("Layout")
struct LayoutTests {
    /// Numbers of rows: device list, people, device, token, timeline, with their headings; columns of the left side.
    struct Row: Sendable {
        let size: Size
        let devices: Int
        let isZoomed: Bool
        let rows: [Int]
        let left: Int
    }

    @Test(
        "Panes have these sizes",
        arguments: [
            Row(size: Size(columns: 80, rows: 24), devices: 2, isZoomed: false, rows: [3, 10, 8, 5, 8], left: 28),
            Row(size: Size(columns: 80, rows: 24), devices: 9, isZoomed: false, rows: [10, 3, 8, 5, 8], left: 28),
            Row(size: Size(columns: 80, rows: 24), devices: 0, isZoomed: true, rows: [1, 0, 0, 0, 20], left: 80),
            Row(size: Size(columns: 120, rows: 40), devices: 2, isZoomed: false, rows: [3, 15, 11, 7, 19], left: 38),
            Row(size: Size(columns: 200, rows: 60), devices: 4, isZoomed: false, rows: [5, 16, 13, 8, 36], left: 40),
        ])
    func sizes(row: Row) {
        let layout = Layout(size: row.size, deviceCount: row.devices, isZoomed: row.isZoomed)
        let panes = [layout.devices, layout.people, layout.device, layout.token, layout.timeline]
        #expect(panes.map(\.height) == row.rows)
        #expect(layout.devices.width == row.left)
    }

    @Test("At every size the panes cover the screen without lying over one another")
    func cover() {
        for columns in stride(from: 80, through: 240, by: 16) {
            for rows in 24...80 {
                for devices in 0...9 {
                    let size = Size(columns: columns, rows: rows)
                    let layout = Layout(size: size, deviceCount: devices, tokenRows: devices, isZoomed: false)
                    #expect(layout.devices.endY == layout.people.y)
                    #expect(layout.people.endY == layout.timeline.y)
                    #expect(layout.device.endY == layout.token.y)
                    #expect(layout.token.endY == layout.timeline.y)
                    #expect(layout.timeline.endY == layout.status.y)
                    #expect(layout.status.endY == layout.footer.y)
                    #expect(layout.footer.endY == rows)
                    #expect(layout.devices.endX + 1 == layout.device.x)
                    #expect(layout.device.endX == columns)
                    #expect(layout.people.height >= 3)
                    #expect(layout.device.height >= 5)
                    #expect(layout.timelineRows >= 7)
                }
            }
        }
    }
}
