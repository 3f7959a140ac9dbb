#include "sources/words.hpp"

#include <utility>

namespace hearth::sources {
namespace {

class Splitter {
  public:
    explicit Splitter(std::string_view line) : rest_(line) {}

    std::optional<std::vector<std::string>> split() {
        while (!rest_.empty()) {
            const char c = next();
            if (c == '\'' || c == '"') {
                if (!quoted(c)) return std::nullopt;
            } else if (std::string_view(" \t\r\n").contains(c)) {
                end_word();
            } else if (c == '\\') {
                if (rest_.empty()) return std::nullopt;
                word() += next();
            } else {
                word() += c;
            }
        }
        end_word();
        if (words_.empty()) return std::nullopt;
        return std::move(words_);
    }

  private:
    char next() {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    // False when the quote is not closed.
    bool quoted(char quote) {
        auto& text = word();
        while (!rest_.empty()) {
            const char c = next();
            if (c == quote) return true;
            const bool escapes = quote == '"' && c == '\\' && !rest_.empty() &&
                                 (rest_.front() == '"' || rest_.front() == '\\');
            text += escapes ? next() : c;
        }
        return false;
    }

    std::string& word() { return word_ ? *word_ : word_.emplace(); }
    void end_word() {
        if (word_) words_.push_back(*std::move(word_));
        word_.reset();
    }

    std::string_view rest_;
    std::optional<std::string> word_;
    std::vector<std::string> words_;
};

}  // namespace

std::optional<std::vector<std::string>> words_of(std::string_view line) {
    return Splitter(line).split();
}

}  // namespace hearth::sources
