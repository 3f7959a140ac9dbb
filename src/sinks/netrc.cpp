#include "sinks/netrc.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace hearth::sinks {
namespace {

bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

struct Word {
    std::size_t begin = 0;
    std::size_t end = 0;
};

// The words of the file, with comments and the bodies of macros passed over.
class Words {
  public:
    explicit Words(std::string_view text) : text_(text) {}

    std::optional<Word> next() {
        while (at_ < text_.size()) {
            if (blank(text_[at_])) {
                ++at_;
            } else if (text_[at_] == '#') {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else {
                return word();
            }
        }
        return std::nullopt;
    }
    // A macro ends with an empty line.
    void skip_macro() { at_ = std::min(text_.find("\n\n", at_), text_.size()); }
    [[nodiscard]] std::string_view text(const Word& word) const {
        return text_.substr(word.begin, word.end - word.begin);
    }

  private:
    // Quotes keep blanks in; an end of the line in them as well.
    Word word() {
        const auto begin = at_;
        bool quoted = false;
        while (at_ < text_.size() && (quoted || !blank(text_[at_]))) {
            if (text_[at_] == '"') quoted = !quoted;
            at_ += text_[at_] == '\\' && at_ + 1 < text_.size() ? 2 : 1;
        }
        return {begin, at_};
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

std::string_view unquoted(std::string_view word) {
    if (word.size() >= 2 && word.front() == '"' && word.back() == '"')
        return word.substr(1, word.size() - 2);
    return word;
}

// From the word `machine` to the end of the entry's last value. Login and password
// make it whole; what is no part of an entry, or is said again, ends it before.
std::optional<Word> find_entry(std::string_view text, std::string_view machine,
                               std::string_view login) {
    Words words(text);
    std::optional<Word> entry;  // Of our machine.
    std::vector<std::string_view> said;
    bool named = false;  // Its login is ours; without one the entry is for every login.
    while (const auto word = words.next()) {
        const auto key = words.text(*word);
        const bool part = (key == "login" || key == "password" || key == "account") &&
                          std::ranges::find(said, key) == said.end();
        if (!part) {
            if (entry && named) return entry;
            entry.reset();
            said.clear();
            named = false;
        }
        if (!part && key != "machine" && key != "macdef") continue;
        const auto value = words.next();
        if (!value) break;
        if (key == "macdef") {
            words.skip_macro();
        } else if (key == "machine") {
            if (unquoted(words.text(*value)) == machine) entry = Word{word->begin, value->end};
        } else if (entry) {
            said.push_back(key);
            entry->end = value->end;
            if (key == "login") named = unquoted(words.text(*value)) == login;
            // What more is said stays: it may be the account of the next password, too.
            if (named && std::ranges::find(said, "password") != said.end()) return entry;
        }
    }
    return entry && named ? entry : std::nullopt;
}

void append(SecretBuilder& out, const NetrcEntry& entry) {
    out.append("machine ").append(entry.machine).append(" login ").append(entry.login);
    out.append(" password ").append(entry.password);
}

}  // namespace

Secret with_entry(std::string_view text, const NetrcEntry& entry) {
    SecretBuilder out;
    if (const auto place = find_entry(text, entry.machine, entry.login)) {
        out.append(text.substr(0, place->begin));
        append(out, entry);
        out.append(text.substr(place->end));
        return out.take();
    }
    append(out, entry);
    out.append("\n").append(text);
    return out.take();
}

Secret without_entry(std::string_view text, std::string_view machine, std::string_view login) {
    SecretBuilder out;
    auto place = find_entry(text, machine, login);
    if (!place) return Secret(text);
    if (place->end < text.size() && text[place->end] == '\n') ++place->end;
    out.append(text.substr(0, place->begin)).append(text.substr(place->end));
    return out.take();
}

Result<> check_netrc_word(std::string_view what, std::string_view word) {
    const bool plain = !word.empty() && std::ranges::all_of(word, [](unsigned char c) {
        return c > ' ' && c < 0x7F && c != '"' && c != '\\' && c != '#';
    });
    if (plain) return {};
    return std::unexpected(Error{Remedy::usage,
                                 std::string(what) + " must be one plain word for a .netrc entry",
                                 "letters, digits and signs other than quotes, \\ and #"});
}

}  // namespace hearth::sinks
