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

void print_token(Terminal& terminal, std::string_view token) {
    SecretBuilder line;
    line.append(token).append("\n");
    terminal.out(line.reveal());
}

Result<> print_token(Terminal& terminal, const Message& answer, Format format) {
    if (format == Format::json) {
        print_json(terminal, answer);
        return {};
    }
    const auto token = answer.body["token"].secret();
    if (token.empty())
        return std::unexpected(Error{Remedy::failed, "the agent's answer holds no token", ""});
    print_token(terminal, token.reveal());
    return {};
}

}  // namespace hearth::cli
