#include "agent/call.hpp"

#include "agent/line.hpp"

#include <utility>

namespace hearth::agent {

void Call::call_it(const ProfileName& profile, const ProfileName& name) {
    called_.emplace(profile, name);
}

// Errors, prompts and hints that were made without knowing of the name are put right here.
void Call::send(const Secret& line) {
    if (!called_) return caller_.send(line);
    const auto& [profile, name] = *called_;
    SecretBuilder renamed;
    auto rest = line.reveal();
    for (auto at = rest.find(profile.text()); at != std::string_view::npos;
         at = rest.find(profile.text())) {
        renamed.append(rest.substr(0, at)).append(name.text());
        rest.remove_prefix(at + profile.text().size());
    }
    renamed.append(rest);
    caller_.send(renamed.take());
}

void Call::event(const Secret& line) {
    if (!answered_) send(line);
}

void Call::answer(const Secret& line) {
    if (std::exchange(answered_, true)) return;
    // The caller lets go of the call; it has to live until the last line here.
    const auto self = shared_from_this();
    send(line);
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
