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
    KindName{Kind::no_keys, "no_keys"},         KindName{Kind::expired, "expired"},
};

constexpr std::array<std::string_view, 3> prints_names{"token", "keys", "subject_token"};

std::unexpected<HelperTrouble> because(Kind kind, int status = 0) {
    return std::unexpected(HelperTrouble{.kind = kind, .status = status});
}

std::string hint_for(Kind kind, const std::string& shown) {
    switch (kind) {
        case Kind::nobody:
            return "ask with `hearth token` or `hearth credentials`, which run it";
        case Kind::same_again:
            return "find out why the server refuses it; " + shown + " shows the command";
        case Kind::no_keys:
            return R"(it must print an object as AWS's tools do, {"Version":1,"AccessKeyId":…}, and )"
                   "nothing else";
        case Kind::expired:
            return "find out why it prints old ones; " + shown + " shows the command";
        case Kind::nothing:
        case Kind::no_token:
            return "it must print the credential and nothing else, one word of at most " +
                   std::to_string(longest_token) + " characters";
        default:
            return shown + " shows the command; run it by hand";
    }
}

}  // namespace

std::string_view to_string(Kind kind) noexcept {
    return std::ranges::find(names, kind, &KindName::kind)->name;
}

std::string_view to_string(Prints prints) noexcept {
    return prints_names.at(static_cast<std::size_t>(prints));
}

Prints parse_prints(std::string_view word) noexcept {
    const auto* const found = std::ranges::find(prints_names, word);
    if (found == prints_names.end()) return Prints::token;
    return static_cast<Prints>(found - prints_names.begin());
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

namespace {

HelperOutput printed_by(const CommandEnd& end, Prints prints) {
    if (prints == Prints::token) return token_of(end.output);
    if (end.output.reveal().find_first_not_of(" \t\r\n") == std::string_view::npos)
        return because(Kind::nothing);
    return end.output.clone();
}

}  // namespace

HelperOutput output_of(const Result<CommandEnd>& end, Prints prints) {
    if (!end) return because(Kind::not_started);
    switch (end->how) {
        case CommandEnd::How::exited:
            if (end->status != 0) return because(Kind::exited, end->status);
            return printed_by(*end, prints);
        case CommandEnd::How::signalled:
            return because(Kind::signalled, end->status);
        case CommandEnd::How::time_limit:
            return because(Kind::time_limit);
        case CommandEnd::How::too_much:
            return because(prints == Prints::token ? Kind::no_token : Kind::no_keys);
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
        case Kind::no_keys:
            return "printed something that is no keys of AWS";
        case Kind::expired:
            return "printed keys that have expired";
        case Kind::same_again:
            return "gives the credential that was rejected again";
        case Kind::nobody:
            return "has to be run, and none of those who ask can do that";
        case Kind::busy:
            return "is being run by another process, and that does not end";
    }
    std::unreachable();
}

Error error_of(const HelperTrouble& trouble, const HelperPlace& place) {
    const std::string name(place.profile);
    const std::string setting(place.setting);
    const std::string file(place.file);
    if (!file.empty())
        return Error{Remedy::failed,
                     name + ": the command in " + setting + " (" + file + ") " + describe(trouble),
                     hint_for(trouble.kind, file)};
    return Error{
        Remedy::failed, name + ": the helper in " + setting + " " + describe(trouble),
        hint_for(trouble.kind, "`hearth config get profiles." + name + "." + setting + "`")};
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
