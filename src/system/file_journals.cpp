#include "system/file_journals.hpp"

#include <utility>

#include "core/try.hpp"
#include "system/files.hpp"
#include "system/folder_watch.hpp"
#include "system/journal_format.hpp"

namespace hearth::system {
namespace {

constexpr std::size_t longest = 64UL * 1024;
constexpr std::string_view ending = ".json";

class JournalWatch : public session::Journals::Watch {
  public:
    explicit JournalWatch(std::unique_ptr<FolderWatch> folder) : folder_(std::move(folder)) {}

  private:
    std::unique_ptr<FolderWatch> folder_;
};

}  // namespace

Result<session::Journal> FileJournals::read(const SessionId& id) {
    const auto content = HEARTH_TRY(read_secret_file(path(id), longest));
    if (!content) return session::Journal{};
    auto journal = parse_journal(content->reveal());
    if (journal) return journal;
    const Error& error = journal.error();
    const std::string what = "the journal " + path(id) + " was not used: " + error.what;
    if (error.remedy == Remedy::refused)
        return std::unexpected(Error{Remedy::failed, what, error.hint});
    session::Journal empty;
    empty.last_error = what;
    return empty;
}

Result<> FileJournals::write(const SessionId& id, const session::Journal& journal) {
    HEARTH_CHECK(ensure_private_folder(folder_));
    return atomic_write(path(id), write_journal(journal));
}

Result<std::unique_ptr<session::Journals::Watch>> FileJournals::watch(
    std::function<void(SessionId)> changed) {
    HEARTH_CHECK(ensure_private_folder(folder_));
    auto folder = HEARTH_TRY(
        FolderWatch::open(folder_, [changed = std::move(changed)](std::string_view file) {
            if (!file.ends_with(ending)) return;
            const auto id = SessionId::parse(file.substr(0, file.size() - ending.size()));
            if (id) changed(*id);
        }));
    return std::make_unique<JournalWatch>(std::move(folder));
}

}  // namespace hearth::system
