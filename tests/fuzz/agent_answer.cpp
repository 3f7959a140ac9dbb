// A line that the agent sends to the command line, read where it lies; compared with the parser
// that reads servers' JSON.
#include <algorithm>

#include "cli/message.hpp"
#include "fuzz/target.hpp"
#include "json/document.hpp"

namespace hearth::fuzz {
namespace {

void walk(const cli::JsonView& view) {
    (void)view.number();
    require(view.text() == view.secret().reveal());
    for (const auto& item : view.items()) walk(item);
    for (const auto& [name, value] : view.members()) walk(value);
}

// Whether comparing makes sense: each parser has its own idea of doubles, and a name with escapes
// is not found by the view.
bool comparable(const std::vector<std::string>& names, std::string_view text) {
    auto sorted = names;
    std::ranges::sort(sorted);
    return std::ranges::adjacent_find(sorted) == sorted.end() && !text.contains('\\');
}

void compare(const cli::JsonView& view, const json::Document& document) {
    require(view.members().size() == document.names().size());
    for (const auto& name : document.names()) {
        const auto member = view[name];
        require(member.is_text() || document.text(name).empty());
        require(!member.is_text() || member.text() == document.text(name));
        require(member.flag() == document.flag(name));
        require(member.is_object() || document.object(name).empty());
        const auto number = document.number(name);
        if (!member.is_text() && member.number() && number) require(member.number() == number);
    }
}

}  // namespace

void try_input(std::string_view input) {
    const auto view = cli::JsonView::parse(input);
    const auto document = json::Document::parse(input);
    if (view) walk(*view);
    if (view && document) {
        require(view->is_object());
        // What stands twice is told apart by neither.
        if (view->members().size() == document->names().size() &&
            comparable(document->names(), input)) {
            compare(*view, *document);
        }
    }
    // They may differ in how deep they go.
    if (document && std::ranges::count(input, '[') + std::ranges::count(input, '{') < 30) {
        require(view.has_value());
    }

    const auto message = cli::Message::parse(Secret(input));
    if (!message) return require_sound(message.error());
    require(view && message->body.is_object());
    require(!message->error().what.empty());
}

}  // namespace hearth::fuzz
