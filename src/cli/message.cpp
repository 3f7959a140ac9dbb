#include "cli/message.hpp"

#include <array>

#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array remedies{Remedy::failed,      Remedy::usage,        Remedy::sign_in,
                              Remedy::unreachable, Remedy::store_locked, Remedy::refused};

}  // namespace

Result<Message> Message::parse(Secret line) {
    const Error odd{Remedy::failed,
                    "the agent answered with something that hearth does not understand",
                    "hearth agent stop, then try again"};
    const auto document = JsonView::parse(line.reveal());
    if (!document || !document->is_object()) return std::unexpected(odd);
    Message message;
    message.line = std::move(line);
    if (const auto ok = (*document)["ok"]; ok.is_object()) {
        message.body = ok;
    } else if (const auto error = (*document)["error"]; error.is_object()) {
        message.kind = Kind::error;
        message.body = error;
    } else if (const auto event = (*document)["event"]; event.is_object()) {
        message.kind = Kind::event;
        message.body = event;
    } else {
        return std::unexpected(odd);
    }
    return message;
}

Error Message::error() const {
    Error told{Remedy::failed, body["what"].text(), body["hint"].text()};
    const auto name = body["remedy"].text();
    for (const auto remedy : remedies) {
        if (to_string(remedy) == name) told.remedy = remedy;
    }
    if (told.what.empty()) told.what = "the agent failed without saying why";
    return told;
}

}  // namespace hearth::cli
