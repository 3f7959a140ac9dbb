#include "agent/call.hpp"

#include "agent/line.hpp"

#include <utility>

namespace hearth::agent {

void Call::event(const Secret& line) {
    if (!answered_) caller_.send(line);
}

void Call::answer(const Secret& line) {
    if (std::exchange(answered_, true)) return;
    // The caller lets go of the call; it has to live until the last line here.
    const auto self = shared_from_this();
    caller_.send(line);
    caller_.ended();
}

void Call::fail(const Error& error, std::string_view needs) { answer(error_line(error, needs)); }

void Call::paste(Secret pasted) {
    if (receive_) receive_(std::move(pasted));
}

void Call::report(const json::Document& members) {
    // It may replace itself.
    if (const auto receive = receive_report_) receive(members);
}

}  // namespace hearth::agent
