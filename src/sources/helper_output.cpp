#include "sources/helper_output.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "sources/given.hpp"

namespace hearth::sources {
namespace {

using Kind = HelperTrouble::Kind;

struct KindName {
    Kind kind;
    std::string_view name;
};

constexpr std::array names{
    KindName{Kind::not_started, "not_started"}, KindName{Kind::exited, "exited"},
    KindName{Kind::signalled, "signalled"},     KindName{Kind::time_limit, "time_limit"},
    KindName{Kind::stopped, "stopped"},         KindName{Kind::nothing, "nothing"},
    KindName{Kind::no_token, "no_token"},       KindName{Kind::same_again, "same_again"},
    KindName{Kind::nobody, "nobody"},           KindName{Kind::busy, "busy"},
};

std::unexpected<HelperTrouble> because(Kind kind, int status = 0) {
    return std::unexpected(HelperTrouble{.kind = kind, .status = status});
}

std::string hint_for(Kind kind, const std::string& key) {
    switch (kind) {
        case Kind::nobody:
            return "ask with `hearth token`, which runs it";
        case Kind::same_again:
            return "find out why the server refuses it; `hearth config get " + key +
                   "` shows the command";
        case Kind::nothing:
        case Kind::no_token:
            return "it must print the credential and nothing else, one word of at most " +
                   std::to_string(longest_token) + " characters";
        default:
            return "`hearth config get " + key + "` shows the command; run it by hand";
    }
}

}  // namespace

std::string_view to_string(Kind kind) noexcept {
    return std::ranges::find(names, kind, &KindName::kind)->name;
}

std::optional<Kind> parse_trouble(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(names, name, &KindName::name);
    if (found == names.end()) return std::nullopt;
    return found->kind;
}

HelperOutput token_of(const Secret& printed) {
    if (printed.reveal().find_first_not_of(" \t\r\n") == std::string_view::npos)
        return because(Kind::nothing);
    auto token = token_in(printed.reveal(), "");
    if (!token) return because(Kind::no_token);
    return *std::move(token);
}

HelperOutput output_of(const Result<CommandEnd>& end) {
    if (!end) return because(Kind::not_started);
    switch (end->how) {
        case CommandEnd::How::exited:
            if (end->status != 0) return because(Kind::exited, end->status);
            return token_of(end->output);
        case CommandEnd::How::signalled:
            return because(Kind::signalled, end->status);
        case CommandEnd::How::time_limit:
            return because(Kind::time_limit);
        case CommandEnd::How::too_much:
            return because(Kind::no_token);
        case CommandEnd::How::stopped:
            return because(Kind::stopped);
    }
    std::unreachable();
}

std::string describe(const HelperTrouble& trouble) {
    switch (trouble.kind) {
        case Kind::not_started:
            return "could not be started";
        case Kind::exited:
            return "ended with exit status " + std::to_string(trouble.status);
        case Kind::signalled:
            return "was ended by signal " + std::to_string(trouble.status);
        case Kind::time_limit:
            return "took too long and was ended";
        case Kind::stopped:
            return "was interrupted";
        case Kind::nothing:
            return "printed nothing";
        case Kind::no_token:
            return "printed something that is not a credential";
        case Kind::same_again:
            return "gives the credential that was rejected again";
        case Kind::nobody:
            return "has to be run, and none of those who ask can do that";
        case Kind::busy:
            return "is being run by another process, and that does not end";
    }
    std::unreachable();
}

Error error_of(const HelperTrouble& trouble, std::string_view profile, std::string_view setting) {
    const std::string name(profile);
    const std::string key = "profiles." + name + "." + std::string(setting);
    return Error{Remedy::failed,
                 name + ": the helper in " + std::string(setting) + " " + describe(trouble),
                 hint_for(trouble.kind, key)};
}

std::string program_of(std::string_view command) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto from = command.find_first_not_of(blanks);
    if (from == std::string_view::npos) return "";
    const auto word = command.substr(from, command.find_first_of(blanks, from) - from);
    // A variable's value, or a piece of something longer, is nothing to show.
    return word.find_first_of("='\"`$();|&<>{}\\") == std::string_view::npos ? std::string(word)
                                                                             : "";
}

}  // namespace hearth::sources
