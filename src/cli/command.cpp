#include "cli/command.hpp"

#include "core/try.hpp"

namespace hearth::cli {

Result<ProfileName> profile_operand(const Arguments& arguments) {
    auto name = ProfileName::parse(arguments.operand(0));
    if (!name && name.error().hint.empty()) name.error().hint = "hearth profile list";
    return name;
}

Result<Message> ask_once(Invocation& invocation, Request& request, const std::string& prefetch) {
    auto client = HEARTH_TRY(Client::open(invocation, Reach::start, prefetch));
    return client.ask(request);
}

Result<std::string> projects_profile(Invocation& invocation) {
    if (!project_here(invocation.environment)) return std::string();
    Request request("default_profile");
    const auto answer = HEARTH_TRY(ask_once(invocation, request));
    return answer.body["profile"].text();
}

void print_json(Terminal& terminal, const Message& answer) {
    terminal.out(answer.body.raw());
    terminal.out("\n");
}

}  // namespace hearth::cli
