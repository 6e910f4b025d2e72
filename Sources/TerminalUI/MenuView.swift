import TerminalFrame

/// A menu over the panes.
enum MenuView {
    static func draw(_ menu: Menu, _ model: Model, on canvas: inout Canvas) {
        let items = menu.items(model)
        let remarks = menu.remarks(model)
        let selected = min(menu.selected, max(0, items.count - 1))
        func columns(_ text: String) -> Int { DisplayWidth.columns(of: canvas.drawable(text)) }
        let labelWidth = min(32, items.map { columns($0.label) }.max() ?? 0)
        let detailWidth = items.map { columns($0.detail) }.max() ?? 0
        let title = menu.title(model)
        let wanted = max(8 + labelWidth + detailWidth, columns(title) + 2, remarks.map(columns).max() ?? 0, 44)
        let width = min(wanted + 4, model.size.columns - 4)
        let obstacle = items.indices.contains(selected) ? items[selected].obstacle : nil
        let why =
            obstacle.map {
                Wrap.rows(canvas.drawable("! \($0)"), width: width - 4, most: 2, ellipsis: canvas.glyphs.ellipsis)
            } ?? []
        let fixed = 2 + remarks.count + (remarks.isEmpty ? 0 : 1) + (why.isEmpty ? 0 : why.count + 1)
        let rows = max(1, min(items.count, model.size.rows - 4 - fixed))
        let height = fixed + rows
        let rect = Rect(
            x: (model.size.columns - width) / 2, y: max(1, (model.size.rows - height) / 2), width: width,
            height: height)
        let inside = canvas.popup(rect, title: title)
        canvas.write(remarks.map { Line($0) }, in: inside)
        var y = inside.y + remarks.count + (remarks.isEmpty ? 0 : 1)
        let first = max(0, min(selected - rows / 2, items.count - rows))
        for index in first..<min(items.count, first + rows) {
            draw(
                items[index], isSelected: index == selected, labelWidth: labelWidth,
                Rect(x: inside.x, y: y, width: inside.width, height: 1), on: &canvas)
            y += 1
        }
        if items.isEmpty { canvas.write("nothing to choose", x: inside.x, y: y, style: Look.dim, width: inside.width) }
        for (row, text) in why.enumerated() {
            canvas.write(text, x: inside.x, y: y + 1 + row, style: Look.bad, width: inside.width)
        }
    }

    private static func draw(
        _ item: MenuItem, isSelected: Bool, labelWidth: Int, _ row: Rect, on canvas: inout Canvas
    ) {
        let glyphs = canvas.glyphs
        let isOpen = item.obstacle == nil
        let look = isOpen ? Look.plain : Look.dim
        canvas.write(isSelected ? glyphs.marker : " ", x: row.x, y: row.y, style: Look.heading, width: 1)
        canvas.write(
            item.key.map(String.init) ?? " ", x: row.x + 2, y: row.y, style: isOpen ? Look.key : Look.dim, width: 1)
        canvas.write(
            item.isCurrent ? glyphs.filledCircle : " ", x: row.x + 4, y: row.y, style: Look.good, width: 1)
        canvas.write(item.label, x: row.x + 6, y: row.y, style: look, width: min(labelWidth, row.width - 6))
        let detailX = row.x + 8 + labelWidth
        canvas.write(
            item.detail, x: detailX, y: row.y, style: isOpen ? Look.plain : Look.dim, width: row.endX - detailX)
        guard isSelected else { return }
        canvas.frame.restyle(row) { style in
            style.isReversed = true
            style.isDim = false
        }
    }
}
