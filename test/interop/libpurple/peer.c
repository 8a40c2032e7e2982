/*
 * A person with libpurple's Bonjour protocol (XEP-0174), without a screen: Pidgin's other half, which nobody here wrote.
 *
 *   peer FOLDER PORT USER@MACHINE
 *
 * says on standard output, one event a line:
 *   online                   the account has signed on
 *   buddy+ NAME STATUS TEXT  somebody is there, with his status text; `buddy- NAME` when he has gone
 *   status NAME STATUS TEXT  his status and his status text, when they change
 *   message NAME TEXT        what he wrote, without markup; line ends as \n
 *   error NAME TEXT          what libpurple says in the conversation when a message did not get through
 *
 * and reads commands on standard input, one a line:
 *   send NAME TEXT           writes to somebody, in the open conversation or in a new one
 *   close NAME               closes the conversation's window
 *   status STATUS            available, away or another primitive of libpurple
 *   quit                     signs off; the end of the input does the same
 */
#include <glib.h>
#include <purple.h>
#include <stdio.h>
#include <string.h>

static GMainLoop *loop;
static PurpleAccount *account;

/* libpurple asks its user interface for timers and for watches on sockets: GLib's own do. */

typedef struct {
	PurpleInputFunction function;
	gpointer data;
} Watch;

static gboolean watch_ready(GIOChannel *channel, GIOCondition condition, gpointer data)
{
	Watch *watch = data;
	PurpleInputCondition ready = 0;
	if (condition & (G_IO_IN | G_IO_HUP | G_IO_ERR))
		ready |= PURPLE_INPUT_READ;
	if (condition & (G_IO_OUT | G_IO_HUP | G_IO_ERR | G_IO_NVAL))
		ready |= PURPLE_INPUT_WRITE;
	watch->function(watch->data, g_io_channel_unix_get_fd(channel), ready);
	return TRUE;
}

static guint watch_add(gint fd, PurpleInputCondition wanted, PurpleInputFunction function, gpointer data)
{
	GIOCondition condition = 0;
	if (wanted & PURPLE_INPUT_READ)
		condition |= G_IO_IN | G_IO_HUP | G_IO_ERR;
	if (wanted & PURPLE_INPUT_WRITE)
		condition |= G_IO_OUT | G_IO_HUP | G_IO_ERR | G_IO_NVAL;
	Watch *watch = g_new0(Watch, 1);
	watch->function = function;
	watch->data = data;
	GIOChannel *channel = g_io_channel_unix_new(fd);
	guint id = g_io_add_watch_full(channel, G_PRIORITY_DEFAULT, condition, watch_ready, watch, g_free);
	g_io_channel_unref(channel);
	return id;
}

static PurpleEventLoopUiOps event_loop = {
	.timeout_add = g_timeout_add,
	.timeout_remove = g_source_remove,
	.input_add = watch_add,
	.input_remove = g_source_remove,
	.timeout_add_seconds = g_timeout_add_seconds,
};

/* What happens is told on standard output. */

static void say(const char *format, ...) G_GNUC_PRINTF(1, 2);

static void say(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	for (char *at = text; *at != '\0'; at++) {
		if (*at == '\n')
			fputs("\\n", stdout);
		else if (*at != '\r')
			putchar(*at);
	}
	putchar('\n');
	fflush(stdout);
	g_free(text);
}

static void say_status(const char *event, PurpleBuddy *buddy, PurpleStatus *status)
{
	const char *text = purple_status_get_attr_string(status, "message");
	say("%s %s %s %s", event, purple_buddy_get_name(buddy), purple_status_get_id(status), text == NULL ? "" : text);
}

static void on_signed_on(PurpleConnection *connection, gpointer data)
{
	say("online");
}

static void on_buddy_came(PurpleBuddy *buddy, gpointer data)
{
	say_status("buddy+", buddy, purple_presence_get_active_status(purple_buddy_get_presence(buddy)));
}

static void on_buddy_went(PurpleBuddy *buddy, gpointer data)
{
	say("buddy- %s", purple_buddy_get_name(buddy));
}

static void on_status(PurpleBuddy *buddy, PurpleStatus *old, PurpleStatus *status, gpointer data)
{
	say_status("status", buddy, status);
}

static void on_message(PurpleAccount *to, char *from, char *text, PurpleConversation *conversation,
                       PurpleMessageFlags flags, gpointer data)
{
	/* Line ends are spaces in markup: windows make breaks of them first. What is left is the text it stands for. */
	char *markup = purple_strdup_withhtml(text);
	char *plain = purple_markup_strip_html(markup);
	say("message %s %s", from, plain);
	g_free(plain);
	g_free(markup);
}

static void on_written(PurpleAccount *to, const char *who, char *text, PurpleConversation *conversation,
                       PurpleMessageFlags flags, gpointer data)
{
	if (flags & PURPLE_MESSAGE_ERROR)
		say("error %s %s", purple_conversation_get_name(conversation), text);
}

/* What the test asks for comes on standard input. */

static PurpleConversation *conversation_with(const char *name)
{
	return purple_find_conversation_with_account(PURPLE_CONV_TYPE_IM, name, account);
}

static void do_send(const char *name, const char *text)
{
	PurpleConversation *conversation = conversation_with(name);
	if (conversation == NULL)
		conversation = purple_conversation_new(PURPLE_CONV_TYPE_IM, account, name);
	char *markup = g_markup_escape_text(text, -1); /* What a person types is text; libpurple takes markup. */
	purple_conv_im_send(PURPLE_CONV_IM(conversation), markup);
	g_free(markup);
}

static void do_close(const char *name)
{
	PurpleConversation *conversation = conversation_with(name);
	if (conversation != NULL)
		purple_conversation_destroy(conversation);
	say("closed %s", name);
}

static void do_status(const char *id)
{
	PurpleStatusPrimitive primitive = purple_primitive_get_type_from_id(id);
	PurpleSavedStatus *status = purple_savedstatus_new(NULL, primitive);
	purple_savedstatus_set_message(status, id);
	purple_savedstatus_activate(status);
}

static void obey(char *line)
{
	char **words = g_strsplit(line, " ", 3);
	guint count = g_strv_length(words);
	if (count == 3 && strcmp(words[0], "send") == 0)
		do_send(words[1], words[2]);
	else if (count == 2 && strcmp(words[0], "close") == 0)
		do_close(words[1]);
	else if (count == 2 && strcmp(words[0], "status") == 0)
		do_status(words[1]);
	else if (count == 1 && strcmp(words[0], "quit") == 0)
		g_main_loop_quit(loop);
	else
		say("unknown %s", line);
	g_strfreev(words);
}

static gboolean on_input(GIOChannel *channel, GIOCondition condition, gpointer data)
{
	char *line = NULL;
	gsize end = 0;
	if (g_io_channel_read_line(channel, &line, NULL, &end, NULL) != G_IO_STATUS_NORMAL) {
		g_main_loop_quit(loop);
		return FALSE;
	}
	line[end] = '\0';
	obey(line);
	g_free(line);
	return TRUE;
}

static void listen_to_signals(void)
{
	static int handle;
	void *blist = purple_blist_get_handle();
	void *conversations = purple_conversations_get_handle();
	purple_signal_connect(purple_connections_get_handle(), "signed-on", &handle, PURPLE_CALLBACK(on_signed_on), NULL);
	purple_signal_connect(blist, "buddy-signed-on", &handle, PURPLE_CALLBACK(on_buddy_came), NULL);
	purple_signal_connect(blist, "buddy-removed", &handle, PURPLE_CALLBACK(on_buddy_went), NULL);
	purple_signal_connect(blist, "buddy-status-changed", &handle, PURPLE_CALLBACK(on_status), NULL);
	purple_signal_connect(conversations, "received-im-msg", &handle, PURPLE_CALLBACK(on_message), NULL);
	purple_signal_connect(conversations, "wrote-im-msg", &handle, PURPLE_CALLBACK(on_written), NULL);
}

static void set_up(const char *folder)
{
	purple_util_set_user_dir(folder);
	purple_debug_set_enabled(g_getenv("PEER_DEBUG") != NULL);
	purple_eventloop_set_ui_ops(&event_loop);
	if (!purple_core_init("peer"))
		g_error("libpurple does not start");
	purple_set_blist(purple_blist_new());
	purple_prefs_load();
	purple_prefs_set_bool("/purple/away/away_when_idle", FALSE);
	purple_prefs_set_string("/purple/sound/method", "none");
}

int main(int count, char *arguments[])
{
	if (count != 4)
		g_error("usage: peer FOLDER PORT USER@MACHINE");
	loop = g_main_loop_new(NULL, FALSE);
	set_up(arguments[1]);
	listen_to_signals();
	account = purple_account_new(arguments[3], "prpl-bonjour");
	purple_account_set_int(account, "port", atoi(arguments[2]));
	purple_accounts_add(account);
	purple_account_set_enabled(account, "peer", TRUE);
	purple_savedstatus_activate(purple_savedstatus_new(NULL, PURPLE_STATUS_AVAILABLE));
	GIOChannel *input = g_io_channel_unix_new(0);
	g_io_add_watch(input, G_IO_IN | G_IO_HUP, on_input, NULL);
	g_main_loop_run(loop);
	purple_core_quit();
	return 0;
}
